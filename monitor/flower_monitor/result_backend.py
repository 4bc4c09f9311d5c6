"""A result backend of Celery's, by its URL. Celery is imported when the first is made."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote, urlsplit

from flower_monitor.exceptions import BackendError

TIMEOUT = 4.0
"""Seconds to connect to Redis, and for each of its answers. Other backends have limits of their own."""

READABLE = ["json", "msgpack", "yaml"]
"""How results may be written: all but pickle, which runs what it reads."""

NO_SETTINGS: Mapping[str, Any] = MappingProxyType({})

PRIVATE = ("rpc", "amqp")
"""Backends that can't be asked by anybody but the client that sent the task: reading them takes its answer away."""

_EXTRAS = {
    "db": "sqlalchemy",
    "database": "sqlalchemy",
    "cache": "pymemcache",
    "mongodb": "mongodb",
    "elasticsearch": "elasticsearch",
    "cassandra": "cassandra",
    "couchbase": "couchbase",
    "couchdb": "couchdb",
    "cosmosdbsql": "cosmosdbsql",
    "consul": "consul",
    "dynamodb": "dynamodb",
    "azureblockblob": "azureblockblob",
    "arangodb": "arangodb",
    "s3": "s3",
    "gs": "gcs",
}
"""Scheme -> extra of the package celery that brings what it needs."""


def scheme(url: str) -> str:
    """The kind of a backend, by Celery's name: `db` of `db+postgresql://…`."""
    return url.partition(":")[0].partition("+")[0]


def connect(url: str, settings: Mapping[str, Any] = NO_SETTINGS) -> Any:
    """The backend, `celery.backends.base.Backend`. It belongs to the thread that asks first.

    Args:
        url: Celery's `result_backend`.
        settings: Further settings by Celery's names, as the app of the workers has them.
    """
    from flower_monitor.from_celery import Celery

    check_serializer(settings.get("result_serializer", "json"))
    limits = {"redis_socket_timeout": TIMEOUT, "redis_socket_connect_timeout": TIMEOUT}
    accepted = {"result_accept_content": READABLE, "task_always_eager": False}
    kept = {name: value for name, value in settings.items() if name != "result_backend"}
    changes = {**kept, **limits, **accepted}
    return Celery("flower_monitor.results", set_as_current=False, backend=url, changes=changes).backend


def check_serializer(name: str) -> None:
    """Refuse a serializer of results that can't be read, before anybody sends a task and waits for one."""
    from flower_monitor.from_celery import registry

    if name == "pickle":
        raise BackendError("results are pickled (the app's result_serializer), and none is read: that would run it")
    if name not in registry.name_to_type:
        raise BackendError(f"results are in {name!r} (the app's result_serializer), which is not known here")


def disconnect(backend: Any) -> None:
    """Close its connections, where it keeps any open between questions: Celery itself has no way to."""
    client = vars(backend).get("client")
    if client is not None and hasattr(client, "connection_pool"):
        client.connection_pool.disconnect()


def words(url: str, error: Exception) -> str:
    """What went wrong with a backend, with the fix where it is known and without the password of its URL."""
    kind = scheme(url)
    if isinstance(error, ModuleNotFoundError) and kind in _EXTRAS:
        return (
            f"{kind}:// needs the Python package {error.name}, which is not installed: "
            f"add it to the monitor's environment, as with pip install 'celery[{_EXTRAS[kind]}]'"
        )
    if isinstance(error, BackendError):
        return str(error)
    text = f"{type(error).__name__}: {error}"
    password = urlsplit(url).password
    for secret in {password, unquote(password)} if password else ():
        text = text.replace(secret, "***")
    return text
