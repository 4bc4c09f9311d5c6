"""Walks all that must be well for a monitor to work, from the object to the last event, and says what to mend."""

from collections.abc import AsyncIterator

from flower_operator.kubectl import examine_broker, examine_monitor, examine_object, examine_pod
from flower_operator.kubectl.cluster import Cluster
from flower_operator.kubectl.errors import Failed
from flower_operator.kubectl.findings import Finding, unknown
from flower_operator.kubectl.forward import forward
from flower_operator.kubectl.login import Login, login_of
from flower_operator.spec import Monitor


async def examine(cluster: Cluster, name: str, url: str | None) -> AsyncIterator[Finding]:
    """All findings, in the order of cause and effect.

    Args:
        cluster: Where it is.
        name: Which monitor.
        url: Where to ask it; None: through a port-forward.
    """
    monitor = await cluster.monitor(name)
    for finding in examine_object.examine(monitor):
        yield finding
    async for finding in examine_broker.examine(cluster, monitor):
        yield finding
    async for finding in examine_pod.examine(cluster, monitor):
        yield finding
    if monitor.spec.suspend:
        return
    login = await _login(cluster, monitor)
    if url is not None:
        async for finding in examine_monitor.examine(url, login):
            yield finding
        return
    try:
        async with forward(cluster, monitor) as way:
            async for finding in examine_monitor.examine(way.url, login):
                yield finding
    except Failed as error:
        yield unknown("monitor", error.message)


async def _login(cluster: Cluster, monitor: Monitor) -> Login | Failed:
    try:
        return await login_of(cluster, monitor)
    except Failed as error:
        return error
