"""Debian file systems made by debootstrap: the ground of the node image and of the base image."""

from collections.abc import Sequence
from pathlib import Path

from e2e.cluster.cache import content_key, exclusive, make_once
from e2e.cluster.errors import CommandError, UnavailableError
from e2e.cluster.host import mirror, need_packages
from e2e.cluster.run import run
from e2e.cluster.say import step

RELEASE = "bookworm"
"""Debian 12, whatever the host is: systemd 256 and later, in Debian 13, refuse a host with version 1 of cgroups."""

LEFTOVERS = ("var/cache/apt", "var/lib/apt/lists", "var/log", "usr/share/doc", "usr/share/man", "usr/share/locale")
"""Folders whose files no program needs."""


def root(cache: Path, purpose: str, packages: Sequence[str], about: str) -> Path:
    """Return a folder with a minimal Debian and `packages`, owned by root. Copy it, do not change it."""

    def make(folder: Path) -> None:
        need_packages("debootstrap")
        # Two at once would write the same packages into the shared folder.
        with exclusive(cache / "debs" / ".lock"), step(f"Making a Debian root for {purpose} (debootstrap)", about):
            _debootstrap(folder / "root", packages, cache / "debs")

    return make_once(cache / "roots" / f"{purpose}-{content_key(RELEASE, *packages, *LEFTOVERS)}", make) / "root"


def _debootstrap(target: Path, packages: Sequence[str], debs: Path) -> None:
    options = ["--variant=minbase", f"--include={','.join(packages)}", f"--cache-dir={debs}"]
    try:
        run("debootstrap", *options, RELEASE, target, mirror(RELEASE))
    except CommandError as error:
        raise UnavailableError(f"Debian's mirror {mirror(RELEASE)} did not give a root.\n{error}") from error
    for leftover in LEFTOVERS:
        run("find", target / leftover, "-not", "-type", "d", "-delete")
    # debootstrap copies the host's own: an engine writes what holds in its containers.
    for name in ("hostname", "resolv.conf"):
        (target / "etc" / name).write_text("")
