"""A certificate authority of a test's own, with a server's and a client's certificate."""

from pathlib import Path
from typing import NamedTuple

import trustme


class Certificates(NamedTuple):
    """Paths of PEM files; each certificate's file holds its key too."""

    ca: Path
    server: Path
    client: Path
    other_ca: Path
    """An authority that signed neither."""


def make(folder: Path, host: str = "127.0.0.1") -> Certificates:
    """Make them, the server's for a host."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Certificates(*(folder / f"{name}.pem" for name in Certificates._fields))
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(made.ca))
    authority.issue_cert(host).private_key_and_cert_chain_pem.write_to_path(str(made.server))
    authority.issue_cert("client@test").private_key_and_cert_chain_pem.write_to_path(str(made.client))
    trustme.CA().cert_pem.write_to_path(str(made.other_ca))
    return made
