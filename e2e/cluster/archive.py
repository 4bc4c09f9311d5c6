"""Writing container images without a container engine: layers as tar files, images as one docker-archive.

The format is that of `docker save`: manifest.json, a configuration for each image, and the layers, which images share.
"""

import hashlib
import io
import json
import platform
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from e2e.cluster.run import run

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
"""Go's names of the machines, which images use."""

EPOCH = "1970-01-01T00:00:00Z"
"""Time of creation of every image, so that equal contents give equal images."""

CHUNK = 1 << 20
"""Bytes read at a time while hashing: layers are too large to hold."""


@dataclass(frozen=True)
class Entry:
    """A file, a folder or a symbolic link of a layer."""

    path: str
    """Where it is in the image, without a leading slash."""
    content: bytes | Path | None = None
    """A file's content, or the file to take it from; None for a folder or a link."""
    link: str = ""
    """A link's target."""
    mode: int = 0o755


@dataclass(frozen=True)
class Layer:
    """An uncompressed tar file and its digest."""

    file: Path
    digest: str


@dataclass(frozen=True)
class Image:
    """An image by its name, its layers from the bottom up, and its configuration (Env, Entrypoint, ...)."""

    reference: str
    layers: Sequence[Layer]
    config: Mapping[str, object] = field(default_factory=dict)

    def document(self) -> bytes:
        """Return the image's configuration document."""
        document = {
            "architecture": ARCHITECTURES.get(platform.machine(), platform.machine()),
            "os": "linux",
            "config": dict(self.config),
            # One for each layer: buildah refuses to build on an image that tells no history.
            "history": [{"created": EPOCH, "created_by": "e2e.cluster"} for _ in self.layers],
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{layer.digest}" for layer in self.layers]},
        }
        return json.dumps(document, sort_keys=True).encode()


def layer_of(entries: Iterable[Entry], file: Path) -> Layer:
    """Write `entries` as the layer `file`. Owner is root, times are 0: equal entries give equal digests."""
    with tarfile.open(file, "w") as tar:
        for entry in entries:
            _add(tar, entry)
    return Layer(file, _sha256(file))


def layer_of_tree(tree: Path, file: Path) -> Layer:
    """Write the folder `tree` (with its owners and devices, so as root) as the layer `file`."""
    run("tar", "-C", tree, "--numeric-owner", "--sort=name", "--xattrs", "-cf", file, ".")
    return Layer(file, _sha256(file))


def write_archive(file: Path, images: Sequence[Image]) -> None:
    """Write `images` as the docker-archive `file`, each layer once."""
    manifest = []
    with tarfile.open(file, "w") as tar:
        for image in images:
            document = image.document()
            name = f"{hashlib.sha256(document).hexdigest()}.json"
            _add(tar, Entry(name, document, mode=0o644))
            layers = [f"{layer.digest}.tar" for layer in image.layers]
            manifest.append({"Config": name, "RepoTags": [image.reference], "Layers": layers})
        for layer in {layer.digest: layer for image in images for layer in image.layers}.values():
            _add(tar, Entry(f"{layer.digest}.tar", layer.file, mode=0o644))
        _add(tar, Entry("manifest.json", json.dumps(manifest).encode(), mode=0o644))


def _add(tar: tarfile.TarFile, entry: Entry) -> None:
    info = tarfile.TarInfo(entry.path)
    info.mode = entry.mode
    if entry.link:
        info.type, info.linkname = tarfile.SYMTYPE, entry.link
        tar.addfile(info)
    elif entry.content is None:
        info.type = tarfile.DIRTYPE
        tar.addfile(info)
    elif isinstance(entry.content, Path):
        info.size = entry.content.stat().st_size
        with entry.content.open("rb") as file:
            tar.addfile(info, file)
    else:
        info.size = len(entry.content)
        tar.addfile(info, io.BytesIO(entry.content))


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
