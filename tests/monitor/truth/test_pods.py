"""What became of a worker's pod, out of the operator's file."""

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flower_monitor.truth.pods import EARLIER, Fate, PodFates, of

ENDED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
OOM = Fate("OOMKilled", ENDED, 137, "worker")


def test_a_worker_is_known_by_the_name_of_its_pod() -> None:
    assert of({"worker-1": OOM}, "celery@worker-1", 0.0) == (
        "OOMKilled in container worker, exit code 137, 2026-01-02 03:04:05 UTC"
    )


def test_the_domain_of_a_host_is_none_of_its_pod() -> None:
    assert of({"worker-1": OOM}, "celery@worker-1.team-a.svc", 0.0) is not None


@pytest.mark.parametrize("name", ["celery@worker-2", "worker-1", ""])
def test_other_workers_are_not(name: str) -> None:
    assert of({"worker-1": OOM}, name, 0.0) is None


def test_an_end_before_the_task_is_none_of_the_task() -> None:
    assert of({"worker-1": OOM}, "celery@worker-1", ENDED.timestamp() + EARLIER + 1) is None
    assert of({"worker-1": OOM}, "celery@worker-1", ENDED.timestamp() + EARLIER - 1) is not None


def test_an_end_without_a_time_is_of_any() -> None:
    assert of({"worker-1": Fate("Evicted")}, "celery@worker-1", 0.0) == "Evicted"


def test_a_name_that_is_too_long_for_a_host_is_cut_as_kubernetes_does(tmp_path: Path) -> None:
    (tmp_path / "pods.json").write_text('{"pods": {"%s": {"reason": "Evicted"}}}' % ("w" * 70))

    assert of(PodFates(tmp_path / "pods.json").read(), "celery@" + "w" * 63, 0.0) == "Evicted"


def test_no_file_tells_nothing(tmp_path: Path) -> None:
    assert PodFates(tmp_path / "pods.json").read() == {}


def test_a_wrong_file_tells_nothing_and_is_reported(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "pods.json").write_text("none")

    with caplog.at_level(logging.WARNING):
        assert PodFates(tmp_path / "pods.json").read() == {}

    assert "can't be read" in caplog.text
