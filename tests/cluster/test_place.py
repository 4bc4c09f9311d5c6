"""Clusters never share a file, an interface or a namespace, and are remembered from run to run."""

from pathlib import Path

import pytest

from e2e.cluster.errors import ClusterError
from e2e.cluster.place import Place, State, read_state, write_state

LONGEST_SOCKET_PATH = 107
LONGEST_INTERFACE_NAME = 15


def test_two_names_share_nothing(tmp_path: Path) -> None:
    one, two = Place("demo", tmp_path), Place("e2e", tmp_path)
    for attribute in ("folder", "lock", "runtime", "namespace", "cable", "engine_data"):
        assert getattr(one, attribute) != getattr(two, attribute)


def test_two_caches_share_nothing_of_the_kernel(tmp_path: Path) -> None:
    one, two = Place("demo", tmp_path / "a"), Place("demo", tmp_path / "b")
    for attribute in ("runtime", "namespace", "cable"):
        assert getattr(one, attribute) != getattr(two, attribute)


def test_names_fit_the_kernel(tmp_path: Path) -> None:
    place = Place("x" * 30, tmp_path)
    assert len(f"{place.cable}h") <= LONGEST_INTERFACE_NAME
    assert len(str(place.runtime / "exec" / "containerd" / "containerd.sock.ttrpc")) <= LONGEST_SOCKET_PATH


@pytest.mark.parametrize("name", ["", "Upper", "a_b", "-a", "a-", "a/b", "x" * 31])
def test_names_that_kind_refuses_are_refused_with_the_option(name: str, tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="--name"):
        Place(name, tmp_path)


def test_state_is_read_as_it_was_written(tmp_path: Path) -> None:
    state = State("own", "198.18.250.2", 2, {"image:1": "abc"})
    write_state(Place("demo", tmp_path), state)
    assert read_state(Place("demo", tmp_path)) == state


def test_no_state_is_no_cluster(tmp_path: Path) -> None:
    assert read_state(Place("demo", tmp_path)) is None
