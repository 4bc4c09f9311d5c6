"""`flower-operator fleet`."""

import asyncio
import logging
from typing import Any

import click
from typing_extensions import override

from flower_operator import connection, logs
from flower_operator.exceptions import StartError
from flower_operator.fleet.config import MONITOR_URL, Config, check_template

log = logging.getLogger(__name__)

FALLBACK_NAMESPACE = "flower-operator"
"""The operator's namespace where neither an option nor a pod tells it: the one that the chart's manual installs to."""


class Port(click.IntRange):
    """A port. The address of a Service, which Kubernetes puts into like-named variables, is not meant for us."""

    name = "port"

    @override
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, str) and value.startswith("tcp://"):
            log.warning("Ignoring FLOWER_FLEET_PORT=%s: it comes from a Kubernetes Service link.", value)
            return param.default if param is not None else None
        return super().convert(value, param, ctx)


def _template(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    try:
        return check_template(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command("fleet", context_settings={"auto_envvar_prefix": "FLOWER_FLEET", "show_default": True})
@click.option("--address", default="", help="Address to listen on; empty is all, IPv4 and IPv6.")
@click.option("--port", type=Port(0, 65535), default=8080, help="Port to listen on; 0 takes a free one.")
@click.option(
    "--namespace",
    "namespaces",
    multiple=True,
    envvar="FLOWER_FLEET_NAMESPACE",
    help="Show the FlowerMonitors of this namespace only; repeat for more.  [default: all]",
)
@click.option(
    "--operator-namespace", default=None, help="Namespace of Secret flower-operator-fleet.  [default: the pod's own]"
)
@click.option(
    "--monitor-url-template",
    default=MONITOR_URL,
    callback=_template,
    help="Address of a monitor, of {name}, {namespace} and {port}.",
)
@click.option("--cluster-name", default=None, help="What the page calls this cluster.")
@click.option(
    "--password-role",
    type=click.Choice(["viewer", "operator", "admin"]),
    default="viewer",
    help="What the password of Secret flower-operator-fleet makes its owner in the monitors.",
)
@click.option(
    "--other-clusters",
    is_flag=True,
    help="Show the clusters, too, to which Secrets of the operator's namespace have a kubeconfig.",
)
@click.option("--log-format", type=click.Choice(["text", "json"]), default="text", help="Logs for people or machines.")
@click.option("--kubeconfig", default=None, help="To run outside a cluster.  [default: the pod's account, KUBECONFIG]")
def command(
    address: str,
    port: int,
    namespaces: tuple[str, ...],
    operator_namespace: str | None,
    monitor_url_template: str,
    cluster_name: str | None,
    password_role: str,
    other_clusters: bool,
    log_format: str,
    kubeconfig: str | None,
) -> None:
    """Show every monitor of the cluster in one API, one page and one /metrics."""
    # Imported late: `--help` needs none of it.
    from flower_operator.fleet.rights import Role
    from flower_operator.fleet.serve import serve

    logs.configure(log_format)
    config = Config(
        operator_namespace=operator_namespace or connection.own_namespace() or FALLBACK_NAMESPACE,
        address=address,
        port=port,
        namespaces=namespaces,
        monitor_url_template=monitor_url_template,
        cluster_name=cluster_name or None,
        password_role=Role(password_role),
        other_clusters=other_clusters,
    )
    try:
        code = asyncio.run(serve(config, kubeconfig))
    except StartError as error:
        raise click.ClickException(str(error)) from error
    raise SystemExit(code)
