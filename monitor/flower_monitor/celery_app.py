"""What a monitor takes from a Celery app: read once, in the process that starts it, as plain data.

Neither ingest nor web ever imports the app: a defect in it, or its memory, is none of theirs.
"""

import json
import os
import traceback
from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import Enum
from typing import Any

from flower_monitor import beat, foreign_code
from flower_monitor.config import CeleryApp
from flower_monitor.exceptions import UsageError

DEFAULT_BROKER = "amqp://guest:guest@localhost:5672//"
"""Celery's, for an app that names none."""

#: Event serializers that are understood: fold/decode.py.
_READABLE = ("json", "msgpack")

#: Serializers that Celery has itself; others are in the app's processes only.
SERIALIZERS = ("json", "msgpack", "pickle", "yaml")

#: Of them those that workers' answers are read in: reply_content.py.
_ANSWERS = ("json", "msgpack", "pickle")

#: And those that results are read in: result_backend.py.
_RESULTS = ("json", "msgpack", "yaml")

STANDARD_SCHEDULER = "celery.beat:PersistentScheduler"
"""Celery's `beat_scheduler`."""

#: First parts of settings that are nothing to a client: the broker's are options, the others are of other programs.
_NOT_OURS = ("broker_", "beat_", "worker_", "imports", "include")

#: What `_queue` keeps by kombu's names.
_OF_QUEUE = (
    "routing_key",
    "queue_arguments",
    "expires",
    "message_ttl",
    "max_length",
    "max_length_bytes",
    "max_priority",
)

#: Transport options that would make our connections harmful.
_DROPPED = {"visibility_timeout"}


class NotPlain(TypeError):
    """A value that can't be handed to another process as JSON."""


def load(name: str) -> Any:
    """The app that `celery -A` means by a name."""
    foreign_code.prepare()
    try:
        from celery import Celery
        from celery.app.utils import find_app

        found = find_app(name)
    except Exception as error:
        # What the import of somebody else's module raises.
        raise UsageError(f"-A {name}: {told(error, name)}") from error
    if not isinstance(found, Celery):
        raise UsageError(f"-A {name}: this is no Celery app; write module:app")
    return found


def facts(app: Any) -> CeleryApp:
    """What publishing, control and events need of an app."""
    try:
        app.loader.import_default_modules()
    except Exception as error:
        # As in `load`.
        raise UsageError(f"-A: a module of the app can't be imported: {told(error)}") from error
    conf = app.conf
    return CeleryApp(
        name=app.main or None,
        event_exchange=conf.event_exchange,
        control_exchange=conf.control_exchange,
        default_queue=conf.task_default_queue,
        queues=queues(app),
        task_names=tuple(sorted(app.tasks)),
        task_serializer=serializer(conf.task_serializer),
        schedule=beat.entries(app),
        scheduler=None if conf.beat_scheduler == STANDARD_SCHEDULER else str(conf.beat_scheduler),
        timezone=str(app.timezone),
        settings=settings(app),
    )


def options(app: Any) -> dict[str, Any]:
    """The monitor's options that an app's configuration answers, with values as on a command line."""
    conf = app.conf
    names = queues(app)
    found = {
        "broker": broker(app),
        # Celery's own name alone says nothing, as every app has it that names none.
        "queues": None if names == ("celery",) else ",".join(names),
        "broker_use_ssl": _json(conf.broker_use_ssl or None),
        "broker_transport_options": _json(transport_options(conf.broker_transport_options or {})),
        "result_backend": conf.result_backend if isinstance(conf.result_backend, str) else None,
    }
    return {name: value for name, value in found.items() if value}


def queues(app: Any) -> tuple[str, ...]:
    """Names of the queues that it is configured with."""
    return tuple(sorted({*app.amqp.queues, app.conf.task_default_queue}))


def broker(app: Any) -> str:
    """Its URL. Workers publish events on the one that they write to."""
    url = app.conf.broker_write_url
    if isinstance(url, (list, tuple)):
        return ";".join(url)
    if not url:
        return DEFAULT_BROKER
    # Celery's old settings, broker_host and the like, make no URL.
    return str(url) if "://" in url else str(app.connection_for_write().as_uri(include_password=True))


def transport_options(given: Mapping[str, Any]) -> dict[str, Any]:
    """Those that may be ours: the time after which Redis gives a message to another is the workers' business."""
    return {name: value for name, value in given.items() if name not in _DROPPED}


def serializer(name: str) -> str:
    """That of the tasks sent from here: the app's, or Celery's default where only the app knows its own."""
    return name if name in SERIALIZERS else "json"


def settings(app: Any) -> dict[str, Any]:
    """All settings that the app has changed and that are plain data, by Celery's names."""
    from celery.app.defaults import DEFAULTS

    conf, found = app.conf, {}
    if conf.task_queues:
        found["task_queues"] = {name: _queue(queue) for name, queue in app.amqp.queues.items()}
    for name, default in DEFAULTS.items():
        value = conf.get(name)
        if name in found or value is None or value == default or _is_not_ours(name, value):
            continue
        try:
            found[name] = plain(value)
        except NotPlain:
            continue  # an object of the app's, such as a router: it works in the app's own processes only
    return found


def _is_not_ours(name: str, value: Any) -> bool:
    """Whether a setting is for other programs, or names modules of the app, which no other process shall import."""
    named = name in ("task_routes", "task_annotations") and not isinstance(value, Mapping)
    unknown = name == "task_serializer" and value not in SERIALIZERS
    return named or unknown or name.startswith(_NOT_OURS)


def _queue(queue: Any) -> dict[str, Any]:
    """A queue as `task_queues` has it in a mapping (celery.app.amqp.Queues.add_compat)."""
    exchange = queue.exchange
    found = {name: getattr(queue, name) for name in _OF_QUEUE} | {
        "exchange": exchange.name,
        "exchange_type": exchange.type,
        "exchange_durable": exchange.durable,
        "queue_durable": queue.durable,
        "queue_auto_delete": queue.auto_delete,
    }
    return {name: plain(value) for name, value in found.items() if value is not None}


def problems(app: Any) -> Iterator[str]:
    """What of an app the monitor can't follow, in words."""
    conf = app.conf
    if conf.event_serializer not in _READABLE:
        yield (
            f"the app's event_serializer is {conf.event_serializer!r}: its events can't be read; "
            f"use {' or '.join(_READABLE)}"
        )
    if "json" not in conf.accept_content and "application/json" not in conf.accept_content:
        yield "the app's accept_content is without json: its workers won't take commands from here"

    yield from _serializer_problems(conf.task_serializer, conf.result_serializer)


def _serializer_problems(task: str, result: str) -> Iterator[str]:
    if task not in _ANSWERS:
        yield (
            f"the app's task_serializer is {task!r}: its workers answer commands in it, which can't be read, so that "
            f"what they were told shows as an error though it is done; {', '.join(_ANSWERS)} are read"
        )
    if task not in SERIALIZERS:
        yield f"only the app's own processes know {task!r}: from here its tasks are sent as json"
    if result not in _RESULTS:
        yield f"the app's result_serializer is {result!r}: results can't be read; {', '.join(_RESULTS)} can"


def plain(value: Any) -> Any:
    """A value as JSON can hold it.

    Raises:
        NotPlain: It can't.
    """
    match value:
        case Enum():
            return plain(value.value)
        case bool() | int() | float() | str() | None:
            return value
        case timedelta():
            return value.total_seconds()
        case os.PathLike():
            return os.fspath(value)
        case Mapping():
            return {_key(key): plain(one) for key, one in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(one) for one in value]
        case _:
            raise NotPlain(type(value).__name__)


def _key(key: Any) -> str:
    if isinstance(key, str):
        return key
    raise NotPlain(f"a key that is {type(key).__name__}")


def _json(value: Any) -> str | None:
    try:
        return json.dumps(plain(value)) if value else None
    except NotPlain as error:
        raise UsageError(
            f"-A: the app's broker_use_ssl or broker_transport_options hold an object ({error}) that can't be handed "
            "to another process; the monitor needs them as plain data"
        ) from error


def told(error: Exception, name: str | None = None) -> str:
    """An error of somebody else's module: what and where."""
    module, _, attribute = (name or "").partition(":")
    if isinstance(error, ModuleNotFoundError) and attribute and error.name == name:
        return f"the module {module} has no {attribute}"
    if isinstance(error, ModuleNotFoundError) and name and f"{module}.".startswith(f"{error.name}."):
        return f"there is no module {error.name} in {os.getcwd()} or on PYTHONPATH"
    # What is frozen into Python is where it imports.
    frames = [one for one in traceback.extract_tb(error.__traceback__) if not one.filename.startswith("<")]
    return f"{type(error).__name__}: {error} ({frames[-1].filename}, line {frames[-1].lineno})"
