"""The Docker engine that a machine has: everybody's way to kind, without anything of our own."""

import re
import shutil
import socket
from pathlib import Path

from e2e.cluster.errors import CommandError
from e2e.cluster.kind import NODE_PORTS
from e2e.cluster.modules import KIND, source_folder
from e2e.cluster.run import run, succeeds
from e2e.cluster.say import step

ADDRESSES = ("127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4")
"""Where node ports may be published. The first that has them free: two clusters on one engine need two."""


def why_not() -> str:
    """Return why no Docker engine can be used, or "" where one answers."""
    if shutil.which("docker") is None:
        return "there is no `docker` on PATH"
    try:
        run("docker", "version", "--format", "{{.Server.Version}}", timeout=20)
    except CommandError as error:
        return error.output.strip().splitlines()[-1] if error.output.strip() else "`docker version` fails"
    return ""


def published_image(cache: Path) -> str:
    """Return the node image that this version of kind wants, with its digest, as kind's own source names it."""
    source = source_folder(KIND, cache) / "pkg/apis/config/defaults/image.go"
    found = re.search(r'const Image = "(\S+)"', source.read_text())
    if found is None:
        raise ValueError(f"{source} names no image: has kind changed it?")
    return found[1]


def has_or_pulls(image: str) -> bool:
    """Return whether the engine has the image, after an attempt to pull it."""
    if succeeds("docker", "image", "inspect", image):
        return True
    try:
        with step(f"Pulling {image}", "1 min"):
            run("docker", "pull", "--quiet", image)
    except CommandError:
        return False
    return True


def free_address() -> str:
    """Return the first of ADDRESSES at which all node ports are free; the first of all where none has."""
    return next((address for address in ADDRESSES if _is_free(address)), ADDRESSES[0])


def _is_free(address: str) -> bool:
    for port in NODE_PORTS:
        with socket.socket() as attempt:
            try:
                attempt.bind((address, port))
            except OSError:
                return False
    return True
