"""An image is built again exactly when what it is made of has changed."""

from dataclasses import replace
from pathlib import Path

import pytest

from e2e.cluster import images
from e2e.cluster.images import Source


@pytest.fixture(name="source")
def _source(tmp_path: Path) -> Source:
    context = tmp_path / "context"
    context.mkdir()
    (context / "Dockerfile").write_text("FROM x\n")
    (context / "file").write_text("1")
    (context / ".dockerignore").write_text("ignored\n")
    return Source("image:1", context / "Dockerfile", context, {"A": "1"})


def test_the_same_files_give_the_same_key(source: Source) -> None:
    assert source.key("docker") == source.key("docker")


def _stand_in_for_docker(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a `docker` that answers, builds, and notes what it was asked to."""
    docker = folder / "bin" / "docker"
    docker.parent.mkdir()
    docker.write_text(f'#!/bin/sh\necho "$@" >> {folder}/calls\n')
    docker.chmod(0o755)
    monkeypatch.setenv("PATH", f"{docker.parent}:/usr/bin:/bin")


@pytest.mark.parametrize("change", ["content", "name", "mode", "dockerfile"])
def test_a_changed_context_gives_another_key(source: Source, change: str) -> None:
    before = source.key("docker")
    file = source.context / "file"
    if change == "content":
        file.write_text("2")
    elif change == "name":
        file.rename(source.context / "other")
    elif change == "mode":
        file.chmod(0o755)
    else:
        source.file.write_text("FROM y\n")
    assert source.key("docker") != before


def test_arguments_and_builder_are_part_of_the_key(source: Source) -> None:
    other = Source(source.image, source.file, source.context, {"A": "2"})
    assert len({source.key("docker"), source.key("base:1"), other.key("docker")}) == 3


def test_ignored_files_are_not(source: Source) -> None:
    before = source.key("docker")
    (source.context / "ignored").write_text("x")
    assert source.key("docker") == before


def test_an_unknown_image_is_not_found(tmp_path: Path) -> None:
    assert images.find(tmp_path, "never:built") == (None, "")


def test_an_archive_is_found_by_its_path_and_known_by_its_content(tmp_path: Path) -> None:
    keys = []
    for content in ("1", "2"):
        (tmp_path / "image.tar").write_text(content)
        archive, key = images.find(tmp_path, str(tmp_path / "image.tar"))
        assert archive == tmp_path / "image.tar"
        keys.append(key)
    assert keys[0] != keys[1]


def test_an_image_of_the_host_engine_is_built_with_docker_and_found_without_an_archive(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stand_in_for_docker(tmp_path, monkeypatch)
    for _ in range(2):
        images.build(tmp_path / "cache", source)
    builds = [line for line in (tmp_path / "calls").read_text().splitlines() if line.startswith("build ")]
    assert len(builds) == 1
    assert "--build-arg=A=1" in builds[0]
    archive, key = images.find(tmp_path / "cache", "image:1")
    assert archive is None
    assert key == source.key("docker")


def test_an_image_without_a_tag_gets_one_of_its_content(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stand_in_for_docker(tmp_path, monkeypatch)
    untagged = replace(source, image="registry.test:5000/team/app")
    first = images.build(tmp_path / "cache", untagged)
    assert first == f"registry.test:5000/team/app:{untagged.key('docker')[:12]}"
    (source.context / "file").write_text("2")
    second = images.build(tmp_path / "cache", untagged)
    assert second != first
    assert images.find(tmp_path / "cache", second)[1] == untagged.key("docker")
    assert images.find(tmp_path / "cache", first) == (None, "")


def test_records_of_images_with_alike_names_are_apart(tmp_path: Path) -> None:
    folders = {images._folder(tmp_path, name) for name in ("a/b:1", "a-b:1", "a/b/1")}
    assert len(folders) == 3
