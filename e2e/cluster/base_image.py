"""The image that others are built on where there is no registry: a small Debian with Python, and with apt for more."""

from pathlib import Path

from e2e.cluster import archive, roots
from e2e.cluster.cache import content_key, make_once
from e2e.cluster.run import SYSTEM_PATH
from e2e.cluster.say import step

PACKAGES = ("ca-certificates", "python3")
"""What the published slim Python images have. Their Python is newer, and not Debian's."""


def reference() -> str:
    """Return the image's name."""
    return f"localhost/flower-operator-base:{_key()}"


def _key() -> str:
    return content_key(Path(archive.__file__), roots.RELEASE, *roots.LEFTOVERS, *PACKAGES, SYSTEM_PATH)


def base_image(cache: Path) -> Path:
    """Return the docker-archive of the base image."""

    def make(folder: Path) -> None:
        root = roots.root(cache, "base", PACKAGES, "30 s")
        with step("Packing the base image", "3 s"):
            layer = archive.layer_of_tree(root, folder / "layer.tar")
            config = {"Env": [f"PATH={SYSTEM_PATH}"], "Cmd": ["/bin/sh"]}
            archive.write_archive(folder / "image.tar", [archive.Image(reference(), [layer], config)])
            layer.file.unlink()

    return make_once(cache / "base-image" / _key(), make) / "image.tar"
