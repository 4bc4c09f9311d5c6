"""Building container images and finding them again: with Docker where an engine answers, with buildah where not."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from e2e.cluster import base_image, host_engine
from e2e.cluster.cache import content_key, exclusive
from e2e.cluster.dockerignore import context_files
from e2e.cluster.errors import UnavailableError
from e2e.cluster.host import missing_for_own_engine, need_packages
from e2e.cluster.place import RUNTIME
from e2e.cluster.run import run, succeeds
from e2e.cluster.say import say, step

BASE_ARGUMENTS = ("BASE", "PYTHON_IMAGE")
"""Build arguments that get the base image where there is no registry to have another from."""

CERTIFICATES = Path("/etc/ssl/certs")
"""Mounted while buildah builds: behind a proxy with a certificate of its own, pip and uv need the host's."""


KEPT_LAYERS = 80
"""Layers of earlier builds that may lie in buildah's store before all are thrown away: some ten builds of 200 MB."""


@dataclass(frozen=True)
class Source:
    """What an image is built from."""

    image: str
    file: Path
    context: Path
    arguments: Mapping[str, str]

    def key(self, builder: str) -> str:
        """Return the content key of all that the build sees."""
        files = list(context_files(self.context))
        names = [f"{path.relative_to(self.context)} {os.access(path, os.X_OK)}" for path in files]
        return content_key(builder, self.file, *names, *files, repr(sorted(self.arguments.items())))


@dataclass(frozen=True)
class Record:
    """A built image: its content key, and its docker-archive where it is not in the host's Docker engine."""

    key: str
    archive: str


def build(cache: Path, source: Source) -> None:
    """Build the image, unless it was built from the very same inputs."""
    folder = _folder(cache, source.image)
    with exclusive(folder.with_suffix(".lock")):
        own = bool(host_engine.why_not())
        key = source.key(base_image.reference() if own else "docker")
        if _is_built(source.image, key, folder):
            say(f"{source.image} is built already from the same files")
            return
        folder.mkdir(parents=True, exist_ok=True)
        with step(f"Building the image {source.image}", "1 min the first time"):
            archive = _buildah_build(cache, source, folder) if own else _docker_build(source)
        _record(folder).write_text(json.dumps(asdict(Record(key, archive))))


def find(cache: Path, image: str) -> tuple[Path | None, str]:
    """Return the docker-archive and the content key of `image`: the name of one built here, or of an archive file."""
    if Path(image).is_file():
        with Path(image).open("rb") as file:
            return Path(image), hashlib.file_digest(file, "sha256").hexdigest()
    record = _read(_folder(cache, image))
    if record is None:
        return None, ""
    return (Path(record.archive) if record.archive else None), record.key


def _folder(cache: Path, image: str) -> Path:
    return cache / "images" / f"{re.sub(r'[^A-Za-z0-9.]+', '-', image)}-{content_key(image)[:6]}"


def _record(folder: Path) -> Path:
    return folder / "record.json"


def _read(folder: Path) -> Record | None:
    return Record(**json.loads(_record(folder).read_text())) if _record(folder).exists() else None


def _is_built(image: str, key: str, folder: Path) -> bool:
    record = _read(folder)
    if record is None or record.key != key:
        return False
    return Path(record.archive).exists() if record.archive else succeeds("docker", "image", "inspect", image)


def _docker_build(source: Source) -> str:
    arguments = [f"--build-arg={name}={value}" for name, value in source.arguments.items()]
    run("docker", "build", "--quiet", "--tag", source.image, "--file", source.file, *arguments, source.context)
    return ""


def _buildah_build(cache: Path, source: Source, folder: Path) -> str:
    if missing := missing_for_own_engine():
        raise UnavailableError(
            f"{source.image} cannot be built here: no Docker engine answers ({host_engine.why_not()}), and without one "
            f"this tool uses buildah on a base made of Debian's packages, but {missing}. Install Docker, or run this "
            "as root on Debian."
        )
    need_packages("buildah")
    base = base_image.base_image(cache)
    with exclusive(cache / "buildah" / ".lock"):
        store = _Buildah(cache / "buildah")
        try:
            return str(store.build(source, base, folder))
        finally:
            store.release()


class _Buildah:
    """buildah with a store of its own: the base image, and the layers that a next build starts from."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._run = RUNTIME / f"buildah-{content_key(str(root))[:8]}"

    def _call(self, *arguments: str | Path) -> str:
        store = ("--root", self._root / "storage", "--runroot", self._run, "--storage-driver", "overlay")
        return run("buildah", *store, *arguments)

    def build(self, source: Source, base: Path, folder: Path) -> Path:
        """Build the image and return its docker-archive."""
        reference = base_image.reference()
        if reference not in self._call("images", "--noheading", "--format", "{{.Name}}:{{.Tag}}").split():
            self._call("pull", "--quiet", f"docker-archive:{base}")
        given = {**dict.fromkeys(BASE_ARGUMENTS, reference), **source.arguments}
        arguments = [f"--build-arg={name}={value}" for name, value in given.items()]
        isolation = ("--isolation", "chroot", "--network", "host", "--volume", f"{CERTIFICATES}:{CERTIFICATES}:ro")
        dangling = self._call("images", "--noheading", "--quiet", "--filter", "dangling=true").split()
        if len(dangling) > KEPT_LAYERS:
            self._call("rmi", "--prune")
        names = ("--tag", source.image, "--file", source.file)
        self._call("build", "--layers", "--force-rm", "--pull-never", *isolation, *arguments, *names, source.context)
        scratch, archive = folder / "image.part", folder / "image.tar"
        scratch.unlink(missing_ok=True)
        self._call("push", "--quiet", source.image, f"docker-archive:{scratch}:{source.image}")
        scratch.replace(archive)
        return archive

    def release(self) -> None:
        """Unmount what buildah leaves mounted, its own store."""
        mounts = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
        for mount in sorted((path for path in mounts if path.startswith(f"{self._root}/")), reverse=True):
            run("umount", mount)
        shutil.rmtree(self._run, ignore_errors=True)
