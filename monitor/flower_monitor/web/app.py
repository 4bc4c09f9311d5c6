"""The composition root of the web process: `create_app` builds it, the lifespan owns what has to be closed."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import msgspec
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import Response

from flower_monitor.autoscale.carrying import Parts
from flower_monitor.autoscale.engine import Autoscaler
from flower_monitor.autoscale.hooks import Hooks
from flower_monitor.autoscale.observatory import Observatory
from flower_monitor.autoscale.policies import Policies, kept_beside
from flower_monitor.config import Config
from flower_monitor.control import Control
from flower_monitor.letterbox import Post
from flower_monitor.publish.publisher import Publisher
from flower_monitor.receive import url
from flower_monitor.redact import Redaction
from flower_monitor.results import Results
from flower_monitor.truth.pods import PodFates
from flower_monitor.web import errors, flower, login_routes, openapi, page_routes, probes, v1
from flower_monitor.web.audit import Audit
from flower_monitor.web.consumption import Consumptions
from flower_monitor.web.context import Context
from flower_monitor.web.doctor.asking import Asking
from flower_monitor.web.doctor.doctor import Doctor
from flower_monitor.web.doctor.storage import left_on_volume
from flower_monitor.web.draining import Draining
from flower_monitor.web.events_switch import EventsSwitch
from flower_monitor.web.feed import Feed
from flower_monitor.web.gate import Gate
from flower_monitor.web.headers import SecureHeaders
from flower_monitor.web.inspection import Inspection
from flower_monitor.web.login import Login, login_of
from flower_monitor.web.look import Observer
from flower_monitor.web.metrics import route as metrics
from flower_monitor.web.metrics.sets import Metrics
from flower_monitor.web.oauth.session_login import SessionLogin, session_login
from flower_monitor.web.pages import load_pages
from flower_monitor.web.pools import Pools
from flower_monitor.web.queue_watch import QueueWatch
from flower_monitor.web.queues import Queues
from flower_monitor.web.responses import JSON
from flower_monitor.web.routing import Call, Nothing, Route, Routes
from flower_monitor.web.sampling import Sampling
from flower_monitor.web.settling import Settling
from flower_monitor.web.silencing import Silencing
from flower_monitor.web.store import StoreAccess
from flower_monitor.web.summary import identity
from flower_monitor.web.summary_sampling import SummarySampling
from flower_monitor.web.vouched import fleet_of

logger = logging.getLogger(__name__)

THREADS = 3
"""Questions answered at the same time. Two cores can do no more, and the third keeps a page quick while two
searches scan."""

RESTART_AFTER = 5.0
"""Seconds before a background task that failed is started again."""


class Door(NamedTuple):
    """Who lets people in, and writes down what they do."""

    login: Login
    sessions: SessionLogin | None
    audit: Audit


def create_app(config: Config, *, static: Path | None = None, letters_fd: int | None = None) -> Starlette:
    """The web application of one monitor.

    Args:
        config: Its settings.
        static: Folder of the built dashboard; None: the one that is part of the package.
        letters_fd: Where findings go to ingest (letterbox.py); None: unfinished tasks are not looked into.
    """
    post = Post(letters_fd)
    door = Door(login_of(config), session_login(config), Audit(post))
    gate = Middleware(
        Gate,
        login=door.login,
        sessions=door.sessions,
        audit=door.audit,
        prefix=config.url_prefix,
        fleet=fleet_of(config),
        read_only=config.read_only,
    )
    app = Starlette(
        routes=all_routes(config.url_prefix),
        middleware=[Middleware(SecureHeaders), gate],
        exception_handlers=errors.handlers(),
        lifespan=partial(_lifespan, config, static or package_static(), door, post),
    )
    app.router.redirect_slashes = False
    return app


def all_routes(prefix: str) -> Routes:
    """Everything that is served, with the document that describes it."""
    modules = (v1, flower, probes, metrics, login_routes, page_routes)
    described = [route for module in modules for route in module.routes()]

    @cache
    def document() -> bytes:
        return msgspec.json.encode(openapi.document(described, prefix))

    async def read_document(_: Call[Nothing]) -> Response:
        """The OpenAPI document, made when it is first asked for."""
        return Response(document(), media_type=JSON)

    return [*described, Route("/api/v1/openapi.json", read_document, Nothing)]


def package_static() -> Path:
    """Where `make dashboard` puts the pages of an installation."""
    return Path(str(resources.files("flower_monitor"))) / "static"


@asynccontextmanager
async def _lifespan(config: Config, static: Path, door: Door, post: Post, app: Starlette) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        stack.callback(door.login.close)
        stack.callback(post.close)
        store = _access(stack, config, THREADS, "store")
        background = _access(stack, config, 1, "store-background")
        control = Control(config)
        stack.callback(control.close)
        publisher = Publisher(config, config.app.settings, config.app.task_names)
        stack.callback(publisher.close)
        results = Results(config)
        stack.callback(results.close)
        redis = url.parse(config.broker_url, config.broker_use_ssl).kind == "redis"
        settling = Settling(background, control, results, post, redis=redis, fates=_fates(config))
        switch = EventsSwitch(background, control, config.enable_events)
        free = partial(left_on_volume, config.store)
        observer = Observer(identity(config, time.time()), switch.notices, free=free)
        feed = Feed(background, observer)
        stack.callback(feed.close)
        inspection = Inspection(control, patience=config.inspect_timeout)
        queues = Queues(config, store, control, inspection)
        stack.callback(queues.close)
        watch = QueueWatch(queues)
        pools = Pools(control, told=inspection.learn)
        policies = Policies(config.autoscale_file, kept_beside(config.store))
        parts = Parts(config, policies, pools, door.audit, Hooks(config.autoscale_webhook_secret_file))
        autoscaler = Autoscaler(parts, Observatory(queues, background, inspection))
        for name, work in (
            ("live feed", feed.run),
            ("events switch", switch.run),
            ("settling", settling.run),
            ("looks at queues", watch.run),
            ("autoscaling", autoscaler.run),
            ("queues of workers", Consumptions(inspection, post, background).run),
            ("history of queues", Sampling(queues, post).run),
            ("history of the summary", SummarySampling(background, queues, post).run),
        ):
            await stack.enter_async_context(_running(name, work))
        app.state.context = Context(
            config=config,
            store=store,
            background=background,
            metrics=Metrics(config),
            observer=observer,
            feed=feed,
            inspection=inspection,
            control=control,
            audit=door.audit,
            login=door.login,
            sessions=door.sessions,
            queues=queues,
            watch=watch,
            pools=pools,
            autoscaler=autoscaler,
            doctor=Doctor(config, background, Asking(control, results, queues), door.login, switch.notices),
            draining=Draining(control, store, inspection),
            silencing=Silencing(store, post),
            publisher=publisher,
            redaction=Redaction(config.redact),
            pages=await asyncio.to_thread(load_pages, static, config.url_prefix),
        )
        yield


def _fates(config: Config) -> PodFates | None:
    return None if config.pods_file is None else PodFates(config.pods_file)


def _access(stack: AsyncExitStack, config: Config, threads: int, name: str) -> StoreAccess:
    access = StoreAccess(config.store, threads, name, config.life)
    stack.callback(access.close)
    return access


@asynccontextmanager
async def _running(name: str, work: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Keep a task running in the background, by name, for as long as the context lasts."""
    task = asyncio.create_task(_again_and_again(name, work), name=name)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _again_and_again(name: str, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await work()
        except Exception:
            # A defect, whatever it is: without this the task would be gone and nobody would know.
            logger.exception("%s failed: this is a defect; it starts again in %.0f s", name, RESTART_AFTER)
        await asyncio.sleep(RESTART_AFTER)
