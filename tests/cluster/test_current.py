"""CLUSTER=current: the cluster of one's kubeconfig."""

from pathlib import Path

import pytest

from e2e.cluster import current
from e2e.cluster.errors import UnavailableError


def _kubectl(folder: Path, script: str) -> Path:
    program = folder / "kubectl"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


def test_kubeconfig_is_the_first_of_the_variable_or_in_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert current.kubeconfig({"KUBECONFIG": "/a:/b"}) == Path("/a")
    assert current.kubeconfig({}) == tmp_path / ".kube" / "config"


def test_a_cluster_that_does_not_answer_is_reported_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"(?s)unset CLUSTER.*connection refused"):
        current.check(_kubectl(tmp_path, "echo connection refused >&2; exit 1"))


def test_loading_without_a_command_says_which_variable_to_set() -> None:
    with pytest.raises(UnavailableError, match="CLUSTER_LOAD_COMMAND"):
        current.load("app:1", None, {})


def test_load_command_gets_image_and_archive(tmp_path: Path) -> None:
    program = _kubectl(tmp_path, f'echo "$@" > {tmp_path}/called')
    current.load("app:1", Path("/x.tar"), {"CLUSTER_LOAD_COMMAND": f"{program} push {{archive}} {{image}}"})
    assert (tmp_path / "called").read_text() == "push /x.tar app:1\n"


@pytest.mark.parametrize(
    ("printed", "address"),
    [
        ("InternalIP=10.0.0.1\\nExternalIP=192.0.2.1", "192.0.2.1"),
        ("Hostname=a\\nInternalIP=10.0.0.1", "10.0.0.1"),
    ],
)
def test_address_is_external_before_internal(printed: str, address: str, tmp_path: Path) -> None:
    assert current.address(_kubectl(tmp_path, f'printf "{printed}\\n"'), {}) == address


def test_a_given_address_goes_first(tmp_path: Path) -> None:
    assert current.address(_kubectl(tmp_path, "exit 1"), {"CLUSTER_ADDRESS": "192.0.2.9"}) == "192.0.2.9"


def test_nodes_without_an_address_are_reported(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="CLUSTER_ADDRESS"):
        current.address(_kubectl(tmp_path, "echo Hostname=a"), {})
