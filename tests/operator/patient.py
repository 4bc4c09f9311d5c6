"""The controller with more patience than a pod is given, for machines that are busy with other tests.

As a program (`python -m tests.operator.patient`) it is the command `flower-operator`.
"""

import dataclasses

import pytest
from kubernetes.aio.client import Configuration

from flower_operator.config import ControllerConfig
from flower_operator.controller import app
from flower_operator.main import main
from tests.support.patience import PATIENCE

LIMITS = (
    *("app.EXIT_SECONDS", "election.ATTEMPT_SECONDS", "poll.TIMEOUT", "watch.STOP_SECONDS", "kopf_run.CLOSE_SECONDS"),
)
"""Seconds after which it gives up what a busy machine only does later."""

LEASE_SECONDS, RENEW_SECONDS = 90.0, 60.0
"""A busy machine may keep the API server silent for longer than a leader's usual ten seconds."""


def patient(patch: pytest.MonkeyPatch) -> None:
    """Let nothing be given up early."""
    for name in LIMITS:
        patch.setattr(f"flower_operator.controller.{name}", PATIENCE)


def command() -> None:
    """Be the command, with a Lease that lasts."""
    run = app.run

    async def run_longer(config: ControllerConfig, configuration: Configuration) -> None:
        await run(dataclasses.replace(config, lease_seconds=LEASE_SECONDS, renew_seconds=RENEW_SECONDS), configuration)

    with pytest.MonkeyPatch.context() as patch:
        patient(patch)
        patch.setattr(app, "run", run_longer)
        main()


if __name__ == "__main__":
    command()
