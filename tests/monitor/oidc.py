"""A real OpenID Connect provider, as a program of its own."""

import contextlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.support import ports
from tests.support.processes import Program


@contextlib.contextmanager
def issuer(folder: Path, people: Sequence[Mapping[str, object]]) -> Iterator[str]:
    """Its address, for as long as the block lasts.

    Args:
        folder: Where its log is.
        people: The claims of those whom it knows.
    """
    port = ports.free()
    known = [f"--user-claims={json.dumps(one)}" for one in people]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", f"--port={port}", *known]
    program = Program(command, folder / "oidc.log")
    try:
        ports.wait(port, alive=program.alive)
        yield f"http://127.0.0.1:{port}"
    finally:
        program.stop()
