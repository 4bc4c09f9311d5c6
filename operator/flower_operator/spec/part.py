"""What all parts of the spec are made of."""

import msgspec


class Part(msgspec.Struct, frozen=True, rename="camel"):
    """A piece of the spec. Unknown fields are ignored: the API server has pruned what its CRD does not know."""


class SecretName(Part, frozen=True, rename="camel"):
    """A Secret in the FlowerMonitor's namespace."""

    name: str


class SecretKey(Part, frozen=True, rename="camel"):
    """A key of such a Secret; each place has a default of its own for the key."""

    name: str
    key: str = "url"
