"""Pauses and words of the watch; the watch itself is tested against a real API server in test_cluster.py."""

import pytest

from flower_operator.exceptions import Forbidden, KubeError, NotFound, Unreachable
from flower_operator.fleet.watch import BACKOFF_MAX, backoff, explain


@pytest.mark.parametrize("failures", [1, 2, 5, 100_000])
def test_backoff_is_bounded_whatever_the_number_of_failures(failures: int) -> None:
    assert 0.5 <= backoff(failures) <= BACKOFF_MAX


def test_backoff_grows() -> None:
    assert backoff(4) > backoff(1)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (NotFound(404, "NotFound", "the server could not find the requested resource"), "install the CRD"),
        (Forbidden(403, "Forbidden", "cannot list"), "may not list and watch FlowerMonitors"),
        (Unreachable("Connection refused"), "Connection refused"),
        (KubeError(500, "InternalError", "etcd is slow"), "etcd is slow"),
    ],
)
def test_trouble_is_told_with_its_cause_or_its_fix(error: KubeError, text: str) -> None:
    assert text in explain(error)
