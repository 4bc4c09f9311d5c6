"""Fixtures for every test: real brokers, and nothing of the caller's environment that a monitor would read."""

import os

import pytest

from tests.support.rabbitmq import rabbitmq, rabbitmq_server
from tests.support.redis import redis

__all__ = ["rabbitmq", "rabbitmq_server", "redis"]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this machine has set must decide no test."""
    for name in list(os.environ):
        if name.startswith(("FLOWER_", "CELERY_")):
            monkeypatch.delenv(name)
