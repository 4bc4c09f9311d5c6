"""Fixtures for every test: real brokers, and nothing of the caller's environment that a monitor would read."""

import os
from collections.abc import Iterator

import hypothesis
import pytest

from tests.support.disk import volume
from tests.support.rabbitmq import rabbitmq, rabbitmq_server
from tests.support.redis import redis

__all__ = ["rabbitmq", "rabbitmq_server", "redis", "volume"]

# How long an example takes, or to make it up, says something about the machine and nothing about the property.
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")


@pytest.fixture(autouse=True, scope="session")
def _clean_environment() -> Iterator[None]:
    """What this machine has set must decide no test."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(("FLOWER_", "CELERY_")):
                patch.delenv(name)
        yield
