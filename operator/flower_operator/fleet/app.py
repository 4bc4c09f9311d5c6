"""Puts the parts together."""

from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from flower_operator import __version__
from flower_operator.fleet import openapi, pages, problems
from flower_operator.fleet.api import health_router, monitors_router, search_router
from flower_operator.fleet.auth import Authenticator, AuthMiddleware
from flower_operator.fleet.cluster import own_cluster
from flower_operator.fleet.clusters import Clusters
from flower_operator.fleet.config import Config
from flower_operator.fleet.head import HeadMiddleware
from flower_operator.fleet.into import proxy_router
from flower_operator.fleet.metrics import FleetCollector, registries
from flower_operator.fleet.others import Others
from flower_operator.fleet.pack import PackMiddleware
from flower_operator.fleet.reviews import Reviews
from flower_operator.fleet.roster import Revision
from flower_operator.fleet.stream import Feed
from flower_operator.fleet.tokens import TokenChecker
from flower_operator.fleet.ways import Ways
from flower_operator.kube import KubeApi


@dataclass(frozen=True, slots=True)
class Fleet:
    """The parts of one fleet, which live as long as the program."""

    clusters: Clusters
    others: Others | None
    """None: other clusters are not wanted."""
    feed: Feed
    authenticator: Authenticator

    def work(self) -> dict[str, Coroutine[Any, Any, None]]:
        """What runs beside the server, by name."""
        work = self.clusters.own.work()
        return work if self.others is None else {**work, "other clusters": self.others.run()}

    def close(self) -> None:
        """End what would never end by itself: the program is going down."""
        self.feed.close()
        for cluster in (self.clusters.own, *self.clusters.others.values()):
            cluster.proxy.close()


def assemble(config: Config, api: KubeApi, ways: Ways) -> Fleet:
    """Make the parts. Nothing runs yet."""
    changes = Revision()
    own = own_cluster(config, api, ways, changes)
    others = Others(api, config.operator_namespace, config.password_role, changes) if config.other_clusters else None
    clusters = Clusters(own, others)
    return Fleet(
        clusters=clusters,
        others=others,
        feed=Feed(changes, clusters.view, clusters.views),
        authenticator=Authenticator(lambda: own.keyring.secret, TokenChecker(Reviews(api).review).check),
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
    registry_of = registries(FleetCollector(fleet.clusters, fleet.feed))
    app.include_router(monitors_router(fleet.clusters, fleet.feed))
    app.include_router(health_router(fleet.clusters, registry_of))
    app.include_router(search_router(fleet.clusters))
    app.include_router(proxy_router(lambda name: fleet.clusters.get(name).proxy))
    pages.install(app, static)
    problems.install(app)
    app.openapi = openapi.generator(app)  # type: ignore[method-assign]  # the way FastAPI documents
    # The last added is the outermost.
    app.add_middleware(PackMiddleware)
    app.add_middleware(HeadMiddleware)
    app.add_middleware(AuthMiddleware, authenticator=fleet.authenticator)
    app.add_middleware(pages.HeadersMiddleware)
    return app
