"""Images are written as `docker save` would."""

import hashlib
import json
import tarfile
from pathlib import Path
from typing import Any

from e2e.cluster.archive import Entry, Image, Layer, layer_of, write_archive


def _read(tar: tarfile.TarFile, name: str) -> bytes:
    file = tar.extractfile(name)
    assert file is not None
    return file.read()


def _archive(folder: Path) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    base = layer_of([Entry("etc"), Entry("etc/name", b"base", mode=0o644)], folder / "base.tar")
    top = layer_of([Entry("bin/tool", b"tool")], folder / "top.tar")
    images = [Image("one:1", [base]), Image("two:1", [base, top], {"Entrypoint": ["/bin/tool"]})]
    write_archive(folder / "images.tar", images)
    with tarfile.open(folder / "images.tar") as tar:
        names = tar.getnames()
        assert len(names) == len(set(names)), "a layer that images share is written once"
        contents = {name: _read(tar, name) for name in names}
    return json.loads(contents["manifest.json"]), contents


def test_manifest_names_images_and_their_layers_in_order(tmp_path: Path) -> None:
    manifest, contents = _archive(tmp_path)
    assert [image["RepoTags"] for image in manifest] == [["one:1"], ["two:1"]]
    assert manifest[1]["Layers"][0] == manifest[0]["Layers"][0]
    assert all(layer in contents for image in manifest for layer in image["Layers"])


def test_digests_are_those_of_the_layers(tmp_path: Path) -> None:
    manifest, contents = _archive(tmp_path)
    for image in manifest:
        document = json.loads(contents[image["Config"]])
        digests = [f"sha256:{hashlib.sha256(contents[layer]).hexdigest()}" for layer in image["Layers"]]
        assert document["rootfs"]["diff_ids"] == digests


def test_history_has_an_entry_for_each_layer_as_buildah_demands(tmp_path: Path) -> None:
    manifest, contents = _archive(tmp_path)
    assert len(json.loads(contents[manifest[1]["Config"]])["history"]) == 2


def test_configuration_is_kept(tmp_path: Path) -> None:
    manifest, contents = _archive(tmp_path)
    assert json.loads(contents[manifest[1]["Config"]])["config"] == {"Entrypoint": ["/bin/tool"]}


def test_equal_entries_give_equal_layers(tmp_path: Path) -> None:
    first, second = (layer_of([Entry("a", b"x")], tmp_path / name) for name in ("1.tar", "2.tar"))
    assert first.digest == second.digest


def test_layer_holds_files_folders_and_links_of_root(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"from a file")
    entries = [Entry("tmp", mode=0o1777), Entry("file", tmp_path / "source", mode=0o600), Entry("link", link="file")]
    layer: Layer = layer_of(entries, tmp_path / "layer.tar")
    with tarfile.open(layer.file) as tar:
        folder, file, link = tar.getmembers()
        assert (folder.isdir(), folder.mode) == (True, 0o1777)
        assert (file.mode, file.uid, _read(tar, "file")) == (0o600, 0, b"from a file")
        assert (link.issym(), link.linkname) == (True, "file")
