"""The engine's settings, and the kernel's that a cluster changes."""

from ipaddress import IPv4Network
from pathlib import Path

import pytest

from e2e.cluster import sysctls
from e2e.cluster.engine import daemon_settings, processes
from e2e.cluster.network import Network
from e2e.cluster.place import Place
from e2e.cluster.run import succeeds


def test_nothing_of_the_engine_is_shared_with_another(tmp_path: Path) -> None:
    network = Network(IPv4Network("198.18.0.0/16"))
    one, two = (daemon_settings(Place(name, tmp_path), network, Path("/usr")) for name in ("one", "two"))
    for key in ("hosts", "data-root", "exec-root", "pidfile", "cgroup-parent"):
        assert one[key] != two[key]


def test_every_address_of_the_engine_is_of_the_range(tmp_path: Path) -> None:
    settings = daemon_settings(Place("one", tmp_path), Network(IPv4Network("100.64.0.0/16")), Path("/usr"))
    assert settings["bip"] == "100.64.0.1/24"
    assert settings["default-address-pools"] == [{"base": "100.64.16.0/20", "size": 24}]


@pytest.mark.skipif(not succeeds("ip", "netns", "list"), reason="needs iproute2")
def test_a_cluster_that_is_not_there_has_no_processes(tmp_path: Path) -> None:
    assert processes(Place("none", tmp_path)) == set()


def _kernel(folder: Path, value: str) -> Path:
    for name in sysctls.SETTINGS:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(value)
    return folder


def test_kernel_settings_are_put_back_as_before_the_first_cluster(tmp_path: Path) -> None:
    note = tmp_path / "run" / "note"
    kernel = _kernel(tmp_path / "sys", "0\n")
    sysctls.note(note, kernel)
    _kernel(kernel, "1\n")
    sysctls.note(note, kernel)  # a second cluster does not take the first one's settings for the machine's
    sysctls.put_back(note, kernel)
    assert {(kernel / name).read_text() for name in sysctls.SETTINGS} == {"0\n"}
    assert not note.exists()


def test_without_a_note_nothing_is_put_back(tmp_path: Path) -> None:
    kernel = _kernel(tmp_path, "1\n")
    sysctls.put_back(tmp_path / "note", kernel)
    assert (kernel / sysctls.SETTINGS[0]).read_text() == "1\n"
