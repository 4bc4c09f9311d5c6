"""Puts the parts together."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from aiohttp import ClientSession
from fastapi import FastAPI

from flower_operator import __version__
from flower_operator.fleet import openapi, pages, problems
from flower_operator.fleet.api import health_router, monitors_router, search_router
from flower_operator.fleet.auth import Authenticator, AuthMiddleware
from flower_operator.fleet.config import Config, monitor_url, summary_url
from flower_operator.fleet.fetch import Fetch, Target, by_token
from flower_operator.fleet.keyring import Keyring
from flower_operator.fleet.metrics import FleetCollector, scraping
from flower_operator.fleet.monitors import Monitor
from flower_operator.fleet.poll import Poller
from flower_operator.fleet.proxy import Proxy, proxy_router
from flower_operator.fleet.reviews import Reviews
from flower_operator.fleet.rights import Rights
from flower_operator.fleet.roster import Roster
from flower_operator.fleet.search import Searcher
from flower_operator.fleet.sight import Sight
from flower_operator.fleet.stream import Feed
from flower_operator.fleet.tokens import TokenChecker
from flower_operator.fleet.view import ClusterView
from flower_operator.fleet.vouch import Voucher
from flower_operator.fleet.watches import Watches
from flower_operator.kube import KubeApi


@dataclass(frozen=True, slots=True)
class Fleet:
    """The parts of one fleet, which live as long as the program."""

    roster: Roster
    keyring: Keyring
    watch: Watches
    poller: Poller
    feed: Feed
    authenticator: Authenticator
    sight: Sight
    proxy: Proxy
    searcher: Searcher


class Ways(NamedTuple):
    """Connections to monitors."""

    poll: Fetch
    """For the summary, in the fleet's own name."""
    search: Fetch
    """For searches, in the name of the one who searches."""
    proxy: ClientSession
    """For what is passed on, in the name of the one who asks."""


def assemble(config: Config, api: KubeApi, ways: Ways) -> Fleet:
    """Make the parts. Nothing runs yet."""
    roster = Roster()
    keyring = Keyring(api, config.operator_namespace)
    watch = Watches(api, roster, config.namespaces)
    reviews = Reviews(api)
    voucher = Voucher(keyring.key)
    sight = Sight(roster, Rights(reviews.may, config.namespaces, config.password_role))

    async def aim(monitor: Monitor) -> Target:
        return by_token(summary_url(config.monitor_url_template, monitor), await keyring.token_for(monitor.key))

    def address_of(monitor: Monitor) -> str:
        return monitor_url(config.monitor_url_template, monitor)

    def cluster() -> ClusterView:
        return ClusterView(config.cluster_name, watch.heard_at, watch.trouble or keyring.trouble)

    return Fleet(
        roster=roster,
        keyring=keyring,
        watch=watch,
        poller=Poller(roster, ways.poll, aim),
        feed=Feed(roster, cluster),
        authenticator=Authenticator(lambda: keyring.secret, TokenChecker(reviews.review).check),
        sight=sight,
        proxy=Proxy(sight, voucher, address_of, ways.proxy),
        searcher=Searcher(sight, voucher, address_of, ways.search),
    )


def create_app(fleet: Fleet, static: Path = pages.STATIC) -> FastAPI:
    """The web application over a fleet's parts."""
    app = FastAPI(
        title="flower-operator fleet",
        version=__version__,
        description="Every Celery monitor of the cluster.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        # It would lead to what the client calls this host.
        redirect_slashes=False,
    )
    scrape = scraping(FleetCollector(fleet.watch, fleet.poller, fleet.feed))
    app.include_router(monitors_router(fleet.sight, fleet.feed))
    app.include_router(health_router(fleet.watch, fleet.sight, scrape))
    app.include_router(search_router(fleet.searcher))
    app.include_router(proxy_router(fleet.proxy))
    pages.install(app, static)
    problems.install(app)
    app.openapi = openapi.generator(app)  # type: ignore[method-assign]  # the way FastAPI documents
    # The last added is the outermost.
    app.add_middleware(AuthMiddleware, authenticator=fleet.authenticator)
    app.add_middleware(pages.HeadersMiddleware)
    return app
