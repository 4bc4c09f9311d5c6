"""Building container images and finding them again: with Docker where an engine answers, with buildah where not."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
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


TAG_DIGITS = 12
"""Digits of the content key in a tag."""

KEPT_LAYERS = 80
"""Layers, of earlier builds and this, that buildah's store may hold: some ten builds of 200 MB each."""


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
    """A built image: its name, content key, and docker-archive where it is not in the host's Docker engine."""

    image: str
    key: str
    archive: str


def build(cache: Path, given: Source) -> str:
    """Build the image, unless it was built from the very same inputs, and return its name.

    A name without a tag gets one of the content key: another content is another image, which Kubernetes then rolls out.
    """
    folder = _folder(cache, given.image)
    with exclusive(folder.with_suffix(".lock")):
        own = bool(host_engine.why_not())
        key = given.key(base_image.reference() if own else "docker")
        source = replace(given, image=given.image if _tag(given.image) else f"{given.image}:{key[:TAG_DIGITS]}")
        if _is_built(source.image, key, folder):
            say(f"{source.image} is built already from the same files")
            return source.image
        folder.mkdir(parents=True, exist_ok=True)
        with step(f"Building the image {source.image}", "1 min the first time"):
            archive = _buildah_build(cache, source, folder) if own else _docker_build(source)
        _record(folder).write_text(json.dumps(asdict(Record(source.image, key, archive))))
    return source.image


def find(cache: Path, image: str) -> tuple[Path | None, str]:
    """Return the docker-archive and the content key of `image`: the name of one built here, or of an archive file."""
    if Path(image).is_file():
        with Path(image).open("rb") as file:
            return Path(image), hashlib.file_digest(file, "sha256").hexdigest()
    for name in (image, image.removesuffix(f":{_tag(image)}")):
        record = _read(_folder(cache, name))
        if record and record.image == image:
            return (Path(record.archive) if record.archive else None), record.key
    return None, ""


def _tag(image: str) -> str:
    """Return the tag of an image's name. A colon before a slash is that of a registry's port."""
    return image.rpartition("/")[2].partition(":")[2]


def _folder(cache: Path, image: str) -> Path:
    return cache / "images" / f"{re.sub(r'[^A-Za-z0-9.]+', '-', image)}-{content_key(image)[:6]}"


def _record(folder: Path) -> Path:
    return folder / "record.json"


def _read(folder: Path) -> Record | None:
    return Record(**json.loads(_record(folder).read_text())) if _record(folder).exists() else None


def _is_built(image: str, key: str, folder: Path) -> bool:
    record = _read(folder)
    if record is None or (record.image, record.key) != (image, key):
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
        self._make_room()
        reference = base_image.reference()
        if reference not in self._call("images", "--noheading", "--format", "{{.Name}}:{{.Tag}}").split():
            self._call("pull", "--quiet", f"docker-archive:{base}")
        given = {**dict.fromkeys(BASE_ARGUMENTS, reference), **source.arguments}
        arguments = [f"--build-arg={name}={value}" for name, value in given.items()]
        isolation = ("--isolation", "chroot", "--network", "host", "--volume", f"{CERTIFICATES}:{CERTIFICATES}:ro")
        names = ("--tag", source.image, "--file", source.file)
        self._call("build", "--layers", "--force-rm", "--pull-never", *isolation, *arguments, *names, source.context)
        scratch, archive = folder / "image.part", folder / "image.tar"
        scratch.unlink(missing_ok=True)
        self._call("push", "--quiet", source.image, f"docker-archive:{scratch}:{source.image}")
        scratch.replace(archive)
        return archive

    def _make_room(self) -> None:
        """Empty a store that has grown too full: it only makes builds faster."""
        if len(self._call("images", "--all", "--noheading", "--quiet").split()) > KEPT_LAYERS:
            self._call("rm", "--all")
            self._call("rmi", "--all", "--force")

    def release(self) -> None:
        """Unmount what buildah leaves mounted, its own store."""
        mounts = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
        for mount in sorted((path for path in mounts if path.startswith(f"{self._root}/")), reverse=True):
            run("umount", mount)
        shutil.rmtree(self._run, ignore_errors=True)
