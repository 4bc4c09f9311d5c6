"""The parts that know one cluster: the fleet's own, or another."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from flower_operator import fleetkey
from flower_operator.fleet.carried import Carried
from flower_operator.fleet.config import Config, monitor_url, summary_url
from flower_operator.fleet.far import Far, service_path
from flower_operator.fleet.fetch import TIMEOUT, FetchError, Target, by_token
from flower_operator.fleet.identity import Identity
from flower_operator.fleet.keyring import Keyring
from flower_operator.fleet.monitors import Monitor
from flower_operator.fleet.passage import Passage
from flower_operator.fleet.poll import Poller
from flower_operator.fleet.proxy import Proxy
from flower_operator.fleet.reviews import Reviews
from flower_operator.fleet.rights import Rights, Role
from flower_operator.fleet.roster import Revision, Roster
from flower_operator.fleet.search import Searcher
from flower_operator.fleet.sight import Sight
from flower_operator.fleet.view import ClusterView
from flower_operator.fleet.vouch import HEADER, Voucher
from flower_operator.fleet.watches import Watches
from flower_operator.fleet.ways import Ways
from flower_operator.kube import KubeApi

FLEET = Identity("flower-operator-fleet")
"""Who asks a monitor of another cluster for its summary: an API server on the way keeps bearer tokens to itself."""

RIGHTS = (
    "docs/fleet.md, Other clusters, has the rights that its account needs there, and the annotation that names the"
    " operator's namespace."
)


@dataclass(frozen=True, slots=True)
class Cluster:
    """What knows one cluster."""

    name: str | None
    """What the page calls it; None: it has no name, as the fleet's own may have none."""
    roster: Roster
    keyring: Keyring
    watch: Watches
    poller: Poller
    sight: Sight
    proxy: Proxy
    searcher: Searcher
    carried: Carried | None = None
    """Asks it about people of the fleet's own cluster; None: it is that one."""

    @property
    def trouble(self) -> str | None:
        """Why what is shown of it may be out of date or lack something."""
        trouble = self.watch.trouble or self.keyring.trouble
        if self.carried is None or trouble is None:
            return self.carried.trouble if self.carried else trouble
        return f"{trouble} {RIGHTS}"

    def view(self, trouble: str | None = None) -> ClusterView:
        """The cluster as the API shows it; `trouble`: what else there is, told where it has none of its own."""
        return ClusterView(self.name, self.watch.heard_at, self.trouble or trouble)

    def work(self) -> dict[str, Coroutine[Any, Any, None]]:
        """What runs as long as the cluster is shown, by name."""
        return {"keyring": self.keyring.run(), "watch": self.watch.run(), "poller": self.poller.run()}


def own_cluster(config: Config, api: KubeApi, ways: Ways, changes: Revision) -> Cluster:
    """The parts for the cluster that the fleet is in. Nothing runs yet."""
    keyring = Keyring(api, config.operator_namespace)
    roster = Roster(changes=changes)
    voucher = Voucher(keyring.key)
    sight = Sight(roster, Rights(Reviews(api).may, config.namespaces, config.password_role))

    def address_of(monitor: Monitor) -> str:
        return monitor_url(config.monitor_url_template, monitor)

    async def aim(monitor: Monitor) -> Target:
        return by_token(summary_url(config.monitor_url_template, monitor), await keyring.token_for(monitor.key))

    return Cluster(
        name=config.cluster_name,
        roster=roster,
        keyring=keyring,
        watch=Watches(api, roster, config.namespaces),
        poller=Poller(roster, ways.poll, aim),
        sight=sight,
        proxy=Proxy(sight, voucher, Passage(address_of), ways.proxy),
        searcher=Searcher(sight, voucher, address_of, ways.search),
    )


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another cluster, as its Secret tells of it."""

    name: str
    server: str
    """Address of its API server."""
    operator_namespace: str
    """Namespace of Secret flower-operator-fleet there."""
    password_role: Role


def other_cluster(where: Elsewhere, far: Far, changes: Revision) -> Cluster:
    """The parts for another cluster, whose monitors are reached by way of its API server. Nothing runs yet."""
    keyring = Keyring(far.api, where.operator_namespace, fleetkey.read, where.name)
    roster = Roster(where.name, changes)
    voucher = Voucher(lambda: _key_soon(keyring), cluster=where.name)
    carried = Carried(Reviews(far.api).may)
    sight = Sight(roster, Rights(carried.may, (), where.password_role))

    def address_of(monitor: Monitor) -> str:
        return f"{where.server}{service_path(monitor)}{monitor.prefix}"

    async def aim(monitor: Monitor) -> Target:
        header = await voucher.header(FLEET, Role.VIEWER, monitor.key)
        return Target(f"{address_of(monitor)}/api/v1/summary", {HEADER: header})

    return Cluster(
        name=where.name,
        roster=roster,
        keyring=keyring,
        watch=Watches(far.api, roster),
        poller=Poller(roster, far.ways.poll, aim),
        sight=sight,
        proxy=Proxy(sight, voucher, Passage(address_of, where.name, service_path), far.ways.proxy),
        searcher=Searcher(sight, voucher, address_of, far.ways.search),
        carried=carried,
    )


async def _key_soon(keyring: Keyring) -> bytes:
    """The key, or why there is none: a person waits for it, and it may never come."""
    try:
        async with asyncio.timeout(TIMEOUT):
            return await keyring.key()
    except TimeoutError:
        raise FetchError(keyring.trouble or "The Secret flower-operator-fleet has not been read yet.") from None
