"""Hashed passwords: bcrypt, which takes a fifth of a second and 4 kB a check. (argon2's 64 MiB are more than a monitor
may take.)"""

PREFIXES = ("$2a$", "$2b$", "$2y$")
"""What a bcrypt hash begins with; `htpasswd -B` writes `$2y$`."""

LONGEST = 72
"""Bytes of a password that bcrypt looks at; a longer one is refused rather than cut."""

COST = 12
"""Work of a new hash, bcrypt's own default: 0.2 s."""

_NOBODY = b"$2b$12$abcdefghijklmnopqrstuuPqdpQpGLKXX7SbvuzKXdPMgXxf9QbDi"
"""A hash that no password has, for names that nobody has: they take as long as others."""


def is_hash(password: str) -> bool:
    """Whether a password of the configuration is a hash of one."""
    return password.startswith(PREFIXES)


def hashed(password: str) -> str:
    """A new hash of a password.

    Raises:
        ValueError: It is too long for bcrypt.
    """
    import bcrypt

    data = password.encode()
    if len(data) > LONGEST:
        raise ValueError(f"a password of {len(data)} bytes is too long for bcrypt, which takes {LONGEST} at most")
    return bcrypt.hashpw(data, bcrypt.gensalt(COST)).decode()


def fits(password: bytes, known: bytes | None) -> bool:
    """Whether a password is that of a hash; of None it never is, after as long."""
    import bcrypt  # loaded when the first hashed password is checked

    if len(password) > LONGEST:
        return False
    return bcrypt.checkpw(password, known or _NOBODY) and known is not None
