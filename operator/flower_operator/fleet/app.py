"""Puts the parts together."""

from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI

from flower_operator import __version__
from flower_operator.fleet import openapi, pages, problems
from flower_operator.fleet.api import health_router, monitors_router
from flower_operator.fleet.auth import Authenticator, AuthMiddleware
from flower_operator.fleet.config import Config, summary_url
from flower_operator.fleet.keyring import Keyring
from flower_operator.fleet.metrics import FleetCollector, registry_of
from flower_operator.fleet.monitors import Monitor
from flower_operator.fleet.poll import Fetch, Poller, Target
from flower_operator.fleet.reviews import Reviews
from flower_operator.fleet.roster import Roster
from flower_operator.fleet.stream import Feed
from flower_operator.fleet.tokens import TokenChecker
from flower_operator.fleet.view import ClusterView
from flower_operator.fleet.watch import MonitorWatch
from flower_operator.kube import KubeApi


@dataclass(frozen=True, slots=True)
class Fleet:
    """The parts of one fleet, which live as long as the program."""

    roster: Roster
    keyring: Keyring
    watch: MonitorWatch
    poller: Poller
    feed: Feed
    authenticator: Authenticator


def assemble(config: Config, api: KubeApi, fetch: Fetch) -> Fleet:
    """Make the parts. Nothing runs yet."""
    roster = Roster()
    keyring = Keyring(api, config.operator_namespace)
    watch = MonitorWatch(api, roster, config.namespace)
    reviews = Reviews(api, config.namespace)

    async def aim(monitor: Monitor) -> Target:
        return Target(summary_url(config.monitor_url_template, monitor), await keyring.token_for(monitor.key))

    def cluster() -> ClusterView:
        return ClusterView(config.cluster_name, watch.heard_at, watch.trouble or keyring.trouble)

    return Fleet(
        roster=roster,
        keyring=keyring,
        watch=watch,
        poller=Poller(roster, fetch, aim),
        feed=Feed(roster, cluster),
        authenticator=Authenticator(lambda: keyring.secret, TokenChecker(reviews.review, reviews.may_list).check),
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
    )
    registry = registry_of(FleetCollector(fleet.roster, fleet.watch, fleet.poller, fleet.feed))
    app.include_router(monitors_router(fleet.roster, fleet.feed))
    app.include_router(health_router(fleet.watch, registry))
    pages.install(app, static)
    problems.install(app)
    app.openapi = openapi.generator(app)  # type: ignore[method-assign]  # the way FastAPI documents
    # The last added is the outermost.
    app.add_middleware(AuthMiddleware, authenticator=fleet.authenticator)
    app.add_middleware(pages.HeadersMiddleware)
    return app
