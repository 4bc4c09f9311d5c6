"""What the commands print, and their exit codes."""

from pathlib import Path

import pytest

from e2e.cluster import cluster, host_engine
from e2e.cluster.assets import PROGRAMS
from e2e.cluster.cli import main
from e2e.cluster.place import Place, State, write_state


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWER_OPERATOR_CACHE", str(tmp_path))
    for name in ("CLUSTER", "KUBEBUILDER_ASSETS"):
        monkeypatch.delenv(name, raising=False)


def test_kubeconfig_prints_only_its_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kubeconfig", "--name", "demo"]) == 0
    assert capsys.readouterr().out == f"{tmp_path}/clusters/demo/kubeconfig\n"


def test_address_is_the_one_that_up_has_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_state(Place("demo", tmp_path), State("own", "198.18.250.2", 0))
    assert main(["address", "--name", "demo"]) == 0
    assert capsys.readouterr().out == "198.18.250.2\n"


@pytest.mark.parametrize("command", ["address", "load"])
def test_without_a_cluster_the_command_to_make_one_is_named(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, *(["x:1"] if command == "load" else [])]) == 1
    assert "python3 -m e2e.cluster up" in capsys.readouterr().err


def test_status_without_a_cluster_is_down(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status"]) == 1
    assert capsys.readouterr().out == "down: there is no cluster flower-operator\n"


def test_down_without_a_cluster_is_done() -> None:
    assert main(["down", "--name", "never-was"]) == 0


def test_an_unknown_kind_of_cluster_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLUSTER", "minikube")
    assert main(["up"]) == 1
    assert "CLUSTER=minikube" in capsys.readouterr().err


def test_where_no_cluster_can_be_had_all_ways_out_are_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host_engine, "why_not", lambda: "there is no `docker` on PATH")
    monkeypatch.setattr(cluster, "missing_for_own_engine", lambda: "it needs root, and this is uid 1000")
    assert main(["up"]) == 3
    said = capsys.readouterr().err
    for part in ("no `docker`", "uid 1000", "Install Docker", "root on Debian", "CLUSTER=current"):
        assert part in said


def test_a_build_without_a_dockerfile_names_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--context", str(tmp_path), "x:1"]) == 1
    assert f"{tmp_path}/Dockerfile does not exist" in capsys.readouterr().err


def test_given_assets_are_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for program in PROGRAMS:
        (tmp_path / program).touch(mode=0o755)
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(tmp_path))
    assert main(["assets"]) == 0
    assert capsys.readouterr().out == f"{tmp_path}\n"


def test_given_assets_that_lack_a_program_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for program in PROGRAMS[:-2]:
        (tmp_path / program).touch(mode=0o755)
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(tmp_path))
    assert main(["assets"]) == 3
    assert "has no kube-controller-manager, kubectl" in capsys.readouterr().err
