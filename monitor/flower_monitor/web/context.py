"""What the routes work with: made by the lifespan, one for each running app."""

from dataclasses import dataclass
from typing import cast

from starlette.requests import Request

from flower_monitor.autoscale.engine import Autoscaler
from flower_monitor.config import Config
from flower_monitor.control import Control
from flower_monitor.publish.publisher import Publisher
from flower_monitor.redact import Redaction
from flower_monitor.web.audit import Audit
from flower_monitor.web.doctor.doctor import Doctor
from flower_monitor.web.draining import Draining
from flower_monitor.web.feed import Feed
from flower_monitor.web.inspection import Inspection
from flower_monitor.web.login import Login
from flower_monitor.web.look import Observer
from flower_monitor.web.metrics.sets import Metrics
from flower_monitor.web.oauth.session_login import SessionLogin
from flower_monitor.web.pages import Pages
from flower_monitor.web.pools import Pools
from flower_monitor.web.queue_watch import QueueWatch
from flower_monitor.web.queues import Queues
from flower_monitor.web.silencing import Silencing
from flower_monitor.web.store import StoreAccess


@dataclass(frozen=True)
class Context:
    """The resources of a running web process."""

    config: Config

    store: StoreAccess
    """For what people and programs ask."""

    background: StoreAccess
    """For probes, metrics and the live feed: a thread of their own, so that no search delays them."""

    metrics: Metrics
    """Used in the thread of `background` only."""

    observer: Observer
    feed: Feed
    inspection: Inspection
    control: Control
    queues: Queues
    watch: QueueWatch
    """For who shows queues without asking for them himself."""

    pools: Pools
    autoscaler: Autoscaler
    draining: Draining
    silencing: Silencing
    doctor: Doctor
    publisher: Publisher

    redaction: Redaction
    """For what is shown without having been stored: results, which come from the backend."""

    pages: Pages
    audit: Audit
    login: Login
    sessions: SessionLogin | None
    """Logging in by a provider; None where there is none."""


def context_of(request: Request) -> Context:
    """The context of the app that handles a request."""
    return cast(Context, request.app.state.context)
