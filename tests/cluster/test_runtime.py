"""runc is asked only for capabilities that can be given."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from e2e.cluster import runtime

ALL = "CapBnd:\t000001ffffffffff\n"
NO_SYS_RESOURCE = "Name:\tx\nCapBnd:\t000001fffeffffff\n"


def test_a_full_bounding_set_lacks_nothing() -> None:
    assert runtime.missing_capabilities(ALL) == set()


def test_the_missing_bit_is_named() -> None:
    assert runtime.missing_capabilities(NO_SYS_RESOURCE) == {"CAP_SYS_RESOURCE"}


def test_missing_capabilities_are_taken_out_of_every_set() -> None:
    process = {"args": ["sh"], "capabilities": {"bounding": ["CAP_KILL", "CAP_SYS_RESOURCE"], "effective": []}}
    expected = {"args": ["sh"], "capabilities": {"bounding": ["CAP_KILL"], "effective": []}}
    assert runtime.without(process, {"CAP_SYS_RESOURCE"}) == expected


def test_a_process_without_capabilities_is_left_as_it_is() -> None:
    assert runtime.without({"args": ["sh"]}, {"CAP_KILL"}) == {"args": ["sh"]}


@pytest.mark.parametrize(
    ("arguments", "file"),
    [
        (["--log", "x", "create", "--bundle", "/b", "id"], "/b/config.json"),
        (["create", "-b", "/b", "id"], "/b/config.json"),
        (["create", "id"], "config.json"),
        (["exec", "--process", "/p.json", "id"], "/p.json"),
        (["exec", "id", "sh"], None),
        (["state", "id"], None),
    ],
)
def test_the_file_with_the_process_is_found(arguments: list[str], file: str | None) -> None:
    assert runtime.instructions(arguments) == (Path(file) if file else None)


def test_as_a_program_it_rewrites_the_bundle_and_becomes_runc(tmp_path: Path) -> None:
    """The copy that the engine calls runs without the project, and hands all arguments on."""
    runc = tmp_path / "runc"
    runc.write_text('#!/bin/sh\necho "$@"\n')
    runc.chmod(runc.stat().st_mode | stat.S_IXUSR)
    program = tmp_path / "wrapper.py"
    text = Path(runtime.__file__).read_text().replace(runtime.RUNC, str(runc))
    program.write_text(text.replace('Path("/proc/self/status")', f'Path("{tmp_path}/status")'))
    (tmp_path / "status").write_text(NO_SYS_RESOURCE)
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"process": {"capabilities": {"bounding": ["CAP_SYS_RESOURCE", "CAP_KILL"]}}}))
    command = [sys.executable, "-I", str(program), "create", "--bundle", str(tmp_path), "id"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == f"create --bundle {tmp_path} id\n"
    assert json.loads(config.read_text())["process"]["capabilities"] == {"bounding": ["CAP_KILL"]}
