"""The command line of the controller."""

import asyncio
import logging
import socket
import sys
from typing import Any

import click

from flower_operator import connection, logs
from flower_operator.config import ControllerConfig
from flower_operator.exceptions import OperatorError, StartError

from . import app

logger = logging.getLogger(__name__)

_DEFAULTS = ControllerConfig(monitor_image="", operator_namespace="")


@click.command(name="controller")
@click.option("--monitor-image", required=True, help="Image for FlowerMonitors that name none.")
@click.option(
    "--monitor-image-pull-secret",
    "monitor_pull_secrets",
    multiple=True,
    help="Secret to pull images with, for FlowerMonitors that name none; repeat for more.",
)
@click.option(
    "--monitor-fs-group",
    type=click.IntRange(min=0),
    default=_DEFAULTS.monitor_fs_group,
    show_default=True,
    help="Group that may write the volumes of monitors; 0: the cluster gives one to each pod, as OpenShift does.",
)
@click.option(
    "--monitor-max-unavailable",
    type=click.IntRange(min=1),
    default=_DEFAULTS.monitor_max_unavailable,
    show_default=True,
    help="Monitors that a new --monitor-image restarts at the same time at most.",
)
@click.option("--namespace", "namespaces", multiple=True, help="Watch only this namespace; repeat for more.")
@click.option("--operator-namespace", help="Namespace of the Lease and the fleet's Secret.  [default: the pod's own]")
@click.option("--identity", help="Name in the Lease, unique to this replica.  [default: the host's name]")
@click.option("--address", default=_DEFAULTS.address, help="Address of probes and metrics.  [default: all]")
@click.option("--port", default=_DEFAULTS.port, show_default=True, help="Port of /livez, /readyz and /metrics.")
@click.option("--workers", default=_DEFAULTS.workers, show_default=True, help="Reconciles at the same time.")
@click.option("--api-rate", default=_DEFAULTS.api_rate, show_default=True, help="Writes a second at most.")
@click.option("--monitor-address", default=_DEFAULTS.monitor_address, show_default=True, help="How to reach a monitor.")
@click.option(
    "--kubeconfig", type=click.Path(dir_okay=False), help="Cluster to use.  [default: as kubectl, or the pod's]"
)
@click.option("--log-format", type=click.Choice(["text", "json"]), default=_DEFAULTS.log_format, show_default=True)
def command(kubeconfig: str | None, **options: Any) -> None:
    """Make every FlowerMonitor's children what it says."""
    logs.configure(options["log_format"])
    options["operator_namespace"] = options["operator_namespace"] or connection.own_namespace()
    if not options["operator_namespace"]:
        raise click.UsageError("--operator-namespace is needed outside of a pod")
    options["identity"] = options["identity"] or socket.gethostname()
    try:
        asyncio.run(_run(ControllerConfig(**options), kubeconfig))
    except StartError as error:
        logger.error("cannot start: %s", error)
        sys.exit(1)
    except OperatorError as error:
        logger.error("stopped: %s", error)
        sys.exit(1)


async def _run(config: ControllerConfig, kubeconfig: str | None) -> None:
    await app.run(config, await connection.load(kubeconfig))
