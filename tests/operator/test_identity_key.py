"""The key pair with which the fleet vouches for people."""

from joserfc import jwt
from joserfc.jwk import OKPKey

from flower_operator import identity_key

KEY = b"k" * 32


def test_the_public_key_is_what_it_has_always_been() -> None:
    """Monitors that run know it: another derivation would let nobody through the fleet into any of them."""
    assert identity_key.public_key(KEY) == "W2AdUmFnpxnaRBiUrg68ZJxQA5dq8btvyjY_mGqByC4"


def test_it_checks_what_the_signing_key_signed() -> None:
    text = jwt.encode({"alg": "Ed25519"}, {"sub": "ann"}, identity_key.signing_key(KEY), algorithms=["Ed25519"])
    public = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": identity_key.public_key(KEY)})

    assert jwt.decode(text, public, algorithms=["Ed25519"]).claims == {"sub": "ann"}
