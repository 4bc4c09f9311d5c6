"""What this machine is, and its Debian packages: installed by apt-get when root needs one that is missing."""

import os
import platform
from collections.abc import Sequence
from pathlib import Path

from e2e.cluster.cache import exclusive
from e2e.cluster.errors import CommandError, UnavailableError
from e2e.cluster.run import run, succeeds
from e2e.cluster.say import step

APT = ("apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300")
"""apt-get that says little and waits up to 300 s for another apt-get at work."""

APT_LOCK = Path("/run/lock/flower-operator-apt")
"""apt-get update does not wait for another one: two runs of this tool take turns by this file."""


def is_debian() -> bool:
    """Return whether this is Debian or made of it, with apt-get."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return False
    return "debian" in {release.get("ID", ""), *release.get("ID_LIKE", "").split()}


def release() -> str:
    """Return the release of Debian and the machine's architecture, such as "bookworm-x86_64"."""
    return f"{platform.freedesktop_os_release().get('VERSION_CODENAME', 'sid')}-{platform.machine()}"


def missing_for_own_engine() -> str:
    """Return what this machine lacks to make an engine and images of its own, or "" where it lacks nothing."""
    if platform.system() != "Linux":
        return f"it needs Linux, and this is {platform.system()}"
    if os.geteuid() != 0:
        return f"it needs root, and this is uid {os.geteuid()}"
    if not is_debian():
        return "it needs Debian's packages, and this is another distribution"
    return ""


def need_packages(*packages: str) -> None:
    """Install those of the Debian packages that are missing."""
    missing = [package for package in packages if not _installed(package)]
    if not missing:
        return
    with exclusive(APT_LOCK), step(f"Installing Debian packages: {' '.join(missing)}", "20 s"):
        environment = {"DEBIAN_FRONTEND": "noninteractive"}
        try:
            run(*APT, "update")
            run(*APT, "install", "--yes", "--no-install-recommends", *missing, env=environment)
        except CommandError as error:
            raise UnavailableError(f"Debian packages {' '.join(missing)} could not be installed.\n{error}") from error


def download_packages(names: Sequence[str], folder: Path) -> list[Path]:
    """Download those of the Debian packages that this release has into `folder`, and install none."""
    with exclusive(APT_LOCK):
        run(*APT, "update")
        known = [name for name in names if succeeds("apt-cache", "show", "--no-all-versions", name)]
        # By default apt-get fetches as a user who may not write into root's folders.
        run(*APT, "-o", "APT::Sandbox::User=root", "download", *known, cwd=folder)
    return sorted(folder.glob("*.deb"))


def mirror(release: str) -> str:
    """Return the address of the Debian mirror that apt uses here for `release`, of that release or another."""
    targets = run("apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME) $(COMPONENT)", "Identifier: Packages")
    return choose_mirror(targets, release)


def choose_mirror(targets: str, release: str) -> str:
    """Return the mirror out of lines "ADDRESS CODENAME COMPONENT", or Debian's own where none of them will do."""
    lines = [line.split() for line in targets.splitlines()]
    main = [(uri, codename) for uri, codename, component in lines if component == "main"]
    exact = [uri for uri, codename in main if codename == release]
    plain = [uri for uri, codename in main if "-" not in codename and "debian.org" in uri]
    return (exact or plain or ["http://deb.debian.org/debian"])[0].rstrip("/")


def _installed(package: str) -> bool:
    return succeeds("sh", "-c", 'dpkg-query -W -f "\\${Status}" "$0" | grep -q "ok installed"', package)
