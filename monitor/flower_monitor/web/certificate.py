"""The server's certificate, read again when it is renewed: connections from then on get the new one."""

import logging
import ssl
from pathlib import Path

logger = logging.getLogger(__name__)

Signature = tuple[tuple[int, int, int] | None, ...]


class Certificate:
    """The files of a certificate, and which version of them is in use.

    Args:
        certfile: Certificate with its chain.
        keyfile: Its key; None: it is in `certfile`.
    """

    def __init__(self, certfile: Path, keyfile: Path | None) -> None:
        self._certfile = certfile
        self._keyfile = keyfile
        self._seen = self._signature()

    def refresh(self, context: ssl.SSLContext) -> None:
        """Have a context use what the files hold now. Files that don't fit leave it as it is."""
        found = self._signature()
        if found == self._seen:
            return
        self._seen = found
        try:
            # Tried first: a certificate without its key would leave the one in use without a key too.
            for target in (ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), context):
                target.load_cert_chain(self._certfile, self._keyfile, password="")
        except (OSError, ssl.SSLError) as error:
            # Between the writing of one file and of the other; the next change is looked at again.
            logger.warning("the renewed certificate %s can't be used, the old one stays: %s", self._certfile, error)
            return
        logger.info("the renewed certificate %s is in use", self._certfile)

    def _signature(self) -> Signature:
        return tuple(_of(path) for path in (self._certfile, self._keyfile) if path is not None)


def _of(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
