"""What the kubeconfig in a Secret says of another cluster. Pure.

It comes over the API and is used in the fleet's pod, so it may only say what it holds itself: a program that it names
would run in the pod, and a file that it names would be the pod's own. Both are refused, as is all that is not known.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import msgspec
import yaml

from flower_operator.constants import ANNOTATION_OPERATOR_NAMESPACE, LABEL_CLUSTER
from flower_operator.kinds import Manifest

KEY = "kubeconfig"
"""Key of the Secret."""

_VISIBLE = re.compile(r"[!-~]+")
_FILE = "it names a file, which would be one of the fleet's pod"
REFUSED: Mapping[str, str] = {
    "exec": "it names a program, which would run in the fleet's pod; put the token of a ServiceAccount into `token`",
    "auth-provider": "its tokens run out and need a program; put the token of a ServiceAccount into `token`",
    "tokenFile": f"{_FILE}; put the token into `token`",
    "client-certificate": f"{_FILE}; put the certificate into `client-certificate-data`",
    "client-key": f"{_FILE}; put the key into `client-key-data`",
    "certificate-authority": f"{_FILE}; put the authority into `certificate-authority-data`",
    "insecure-skip-tls-verify": "whoever answered would get that cluster's token; put its authority into"
    " `certificate-authority-data`",
}
"""Fields that are not taken, and why."""


class BadKubeconfig(ValueError):
    """A Secret that leads to no cluster; the message names the field and the fix, and no value."""


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach another cluster's API server, and as whom."""

    server: str
    """https://HOST[:PORT][/PATH], without a slash at the end."""
    authority: str | None = field(repr=False)
    """Certificates to trust, PEM; None: those that the pod trusts."""
    token: str | None = field(repr=False)
    certificate: bytes | None = field(repr=False)
    """The client's, PEM; there is this or a token, or both."""
    key: bytes | None = field(repr=False)


class _Cluster(msgspec.Struct, rename="kebab", forbid_unknown_fields=True):
    server: str
    certificate_authority_data: bytes | None = None


class _User(msgspec.Struct, rename="kebab", forbid_unknown_fields=True):
    token: str | None = None
    client_certificate_data: bytes | None = None
    client_key_data: bytes | None = None


class _Context(msgspec.Struct):
    cluster: str
    user: str


class _Config(msgspec.Struct, rename="kebab"):
    current_context: str
    contexts: list[dict[str, Any]]
    clusters: list[dict[str, Any]]
    users: list[dict[str, Any]]


def cluster_of(secret: Manifest) -> str:
    """What a Secret calls its cluster; the Secret's own name where the label says nothing."""
    labels = secret["metadata"].get("labels") or {}
    return labels.get(LABEL_CLUSTER) or str(secret["metadata"]["name"])


def operator_namespace_of(secret: Manifest, default: str) -> str:
    """Where the operator of that cluster is."""
    annotations = secret["metadata"].get("annotations") or {}
    return annotations.get(ANNOTATION_OPERATOR_NAMESPACE) or default


def access_of(secret: Manifest) -> Access:
    """Read the kubeconfig of a Secret; BadKubeconfig says what is wrong with it."""
    try:
        text = base64.b64decode((secret.get("data") or {})[KEY])
        return _access(msgspec.convert(yaml.safe_load(text), _Config))
    except KeyError:
        raise BadKubeconfig(f"it has no key `{KEY}`") from None
    except yaml.MarkedYAMLError as error:
        # Not its own message: that quotes the line, which may be the one with the token.
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadKubeconfig(f"`{KEY}` is no YAML: {error.problem} in line {line}") from None
    except (yaml.YAMLError, binascii.Error, UnicodeDecodeError) as error:
        raise BadKubeconfig(f"`{KEY}` can't be read: {type(error).__name__}") from None
    except msgspec.ValidationError as error:
        raise BadKubeconfig(f"`{KEY}`: {error}") from None


def _access(config: _Config) -> Access:
    context = _named(config.contexts, "context", config.current_context, _Context)
    cluster = _named(config.clusters, "cluster", context.cluster, _Cluster)
    user = _named(config.users, "user", context.user, _User)
    _check(cluster.server, user)
    authority = cluster.certificate_authority_data
    return Access(
        server=cluster.server.rstrip("/"),
        authority=None if authority is None else _text("certificate-authority-data", authority),
        token=user.token or None,
        certificate=user.client_certificate_data,
        key=user.client_key_data,
    )


def _named(items: list[dict[str, Any]], kind: str, name: str, shape: type[msgspec.Struct]) -> Any:
    """What stands under a name in one of the lists; all that is asked for is in it, and nothing that is refused."""
    found = next((item.get(kind) for item in items if item.get("name") == name), None)
    if not isinstance(found, dict):
        raise BadKubeconfig(f"`{KEY}` has no {kind} {name!r}")
    for unwanted in found.keys() & REFUSED.keys():
        if found[unwanted] not in (None, False, ""):
            raise BadKubeconfig(f"field `{unwanted}` of {kind} {name!r} is not taken: {REFUSED[unwanted]}")
    known = {field: value for field, value in found.items() if field not in REFUSED}
    try:
        return msgspec.convert(known, shape)
    except msgspec.ValidationError as error:
        raise BadKubeconfig(f"{kind} {name!r}: {error}") from None


def _check(server: str, user: _User) -> None:
    url = urlsplit(server)
    if url.scheme != "https" or not url.hostname or url.username is not None or url.query or url.fragment:
        raise BadKubeconfig("`server` is no https:// address")
    if (user.client_certificate_data is None) != (user.client_key_data is None):
        raise BadKubeconfig("`client-certificate-data` and `client-key-data` belong together; one of them is missing")
    if user.token and not _VISIBLE.fullmatch(user.token):
        raise BadKubeconfig("`token` has characters that no token has, such as a line's end")
    if not user.token and user.client_certificate_data is None:
        raise BadKubeconfig("the user has neither `token` nor `client-certificate-data` with `client-key-data`")


def _text(field: str, pem: bytes) -> str:
    try:
        return pem.decode("ascii")
    except UnicodeDecodeError:
        raise BadKubeconfig(f"`{field}` is no PEM") from None
