"""Things are made once, whole, and under the hash of what they are made from."""

import os
from pathlib import Path

import pytest

from e2e.cluster.cache import cache_root, content_key, keep_newest, make_once


def test_cache_folder_is_the_given_one_or_in_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_root({"FLOWER_OPERATOR_CACHE": "/x/y"}) == Path("/x/y")
    assert cache_root({}) == tmp_path / ".cache" / "flower-operator"


def test_key_tells_contents_and_names_apart(tmp_path: Path) -> None:
    folders = []
    for number, (name, content) in enumerate([("a", "1"), ("a", "2"), ("b", "1")]):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / name).write_text(content)
        folders.append(folder)
    assert len({content_key(folder) for folder in folders}) == 3


def test_key_is_of_the_content_not_of_the_place(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("same")
    assert content_key(tmp_path / "one") == content_key(tmp_path / "two")


def test_key_does_not_confuse_where_one_part_ends(tmp_path: Path) -> None:
    assert content_key("ab", "c") != content_key("a", "bc")


def test_compiled_files_do_not_change_the_key(tmp_path: Path) -> None:
    (tmp_path / "file.py").write_text("x = 1")
    before = content_key(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "file.pyc").write_bytes(b"\0")
    assert content_key(tmp_path) == before


def test_a_thing_is_made_once(tmp_path: Path) -> None:
    made: list[Path] = []
    for _ in range(2):
        make_once(tmp_path / "thing", made.append)
    assert len(made) == 1


def test_a_failed_make_leaves_no_target_and_the_next_starts_afresh(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").touch()
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        make_once(tmp_path / "thing", fail)
    assert not (tmp_path / "thing").exists()
    target = make_once(tmp_path / "thing", lambda folder: (folder / "whole").touch())
    assert [path.name for path in target.iterdir()] == ["whole"]


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    for age, name in enumerate(["new", "middle", "old"]):
        make_once(tmp_path / name, lambda _: None)
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    keep_newest(tmp_path, 2)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["middle", "new"]
