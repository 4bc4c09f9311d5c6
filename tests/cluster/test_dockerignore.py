"""A build sees what Docker would let it see."""

from pathlib import Path

import pytest

from e2e.cluster.dockerignore import context_files, included, parse

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("text", "path", "seen"),
    [
        ("", "a/b", True),
        ("a", "a/b", False),
        ("a/", "a/b", False),
        ("/a", "a", False),
        ("a", "b/a", True),
        ("*.log", "x.log", False),
        ("*.log", "a/x.log", True),
        ("**/*.log", "a/b/x.log", False),
        ("**/*.log", "x.log", False),
        ("*\n!keep", "keep/file", True),
        ("*\n!keep", "other", False),
        ("*\n!keep\nkeep/not", "keep/not", False),
        ("a?c", "abc", False),
        ("a.c", "abc", True),
        ("# a", "# a", True),
        ("a/*\n!a/b", "a/b/c", True),
    ],
)
def test_last_matching_line_decides(text: str, path: str, seen: bool) -> None:
    assert included(path, parse(text)) is seen


def test_excluded_folders_are_entered_only_where_a_line_leads_into_them(tmp_path: Path) -> None:
    for name in ("keep/in/file", "keep/out/file", "drop/file"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / ".dockerignore").write_text("*\n!keep/in\n")
    assert [path.relative_to(tmp_path).as_posix() for path in context_files(tmp_path)] == ["keep/in/file"]


def test_our_image_sees_both_packages_and_nothing_of_a_checkout() -> None:
    seen = {path.relative_to(REPOSITORY).parts[0] for path in context_files(REPOSITORY)}
    assert seen == {"LICENSE", "README.md", "e2e", "monitor", "operator", "pyproject.toml", "uv.lock"}


def test_everything_that_the_dockerfile_copies_is_seen() -> None:
    lines = (REPOSITORY / "Dockerfile").read_text().splitlines()
    copied = [
        word for line in lines if line.startswith("COPY ") and "--from" not in line for word in line.split()[1:-1]
    ]
    seen = {path.relative_to(REPOSITORY).as_posix() for path in context_files(REPOSITORY)}
    assert copied
    for name in copied:
        assert any(path == name or path.startswith(f"{name}/") for path in seen), name
