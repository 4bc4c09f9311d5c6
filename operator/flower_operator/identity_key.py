"""The key pair with which the fleet vouches for people at monitors. Pure.

It is derived from the key in the fleet's Secret, so there is nothing more to keep or to rotate. Each monitor is told
the public half in its config Secret: whoever reads that can check a signature and make none.
"""

from joserfc.jwk import OKPKey

SALT = b"flower-operator"
INFO = b"identity of people, Ed25519, v1"
"""What the derived key is for (RFC 5869, 3.2). Changing either makes another key, and restarts every monitor."""


def signing_key(key: bytes) -> OKPKey:
    """The private half: HKDF-SHA256 of the Secret's `key` as the seed."""
    return OKPKey.derive_key(key, "Ed25519", kdf_name="HKDF", kdf_options={"salt": SALT, "info": INFO})


def public_key(key: bytes) -> str:
    """The public half: 32 bytes in base64url without padding, as a JWK has them in `x`."""
    return str(signing_key(key).as_dict(private=False)["x"])
