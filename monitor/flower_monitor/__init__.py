"""A durable, live, Flower-compatible monitor of one Celery broker.

As a library: each name of `_LIBRARY` can be imported from here, and is loaded when it first is (docs/library.md).
"""

#: Type checkers take it for true; `typing` itself would cost the supervisor's process its import.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from flower_monitor.config import Config as Config
    from flower_monitor.config import User as User
    from flower_monitor.exceptions import BrokerError as BrokerError
    from flower_monitor.exceptions import MonitorError as MonitorError
    from flower_monitor.exceptions import QueryError as QueryError
    from flower_monitor.exceptions import StoreUnavailable as StoreUnavailable
    from flower_monitor.exceptions import UsageError as UsageError
    from flower_monitor.fold.events import Event as Event
    from flower_monitor.library.asgi import create_app as create_app
    from flower_monitor.library.broker import Broker as Broker
    from flower_monitor.library.events import Events as Events
    from flower_monitor.library.inspector import Inspector as Inspector
    from flower_monitor.library.monitor import Monitor as Monitor
    from flower_monitor.library.monitor import serve as serve
    from flower_monitor.library.search import SearchError as SearchError
    from flower_monitor.library.search import parse_search_terms as parse_search_terms
    from flower_monitor.library.search import satisfies_search_terms as satisfies_search_terms
    from flower_monitor.library.tasks import Reader as Reader
    from flower_monitor.library.tasks import as_dict as as_dict
    from flower_monitor.library.tasks import get_task_by_id as get_task_by_id
    from flower_monitor.library.tasks import iter_tasks as iter_tasks
    from flower_monitor.library.tasks import sort_tasks as sort_tasks
    from flower_monitor.library.text import format_duration as format_duration
    from flower_monitor.library.text import format_time as format_time
    from flower_monitor.library.text import humanize as humanize

#: Equal to the distribution's (a test says so). A constant: importlib.metadata would cost each process 20 ms.
__version__ = "0.1.0"

#: Names that are imported when they are asked for, and the module of each (PEP 562): every process of the monitor
#: imports this package, and none may pay for what it does not use.
_LIBRARY = {
    "Config": "config",
    "User": "config",
    "BrokerError": "exceptions",
    "MonitorError": "exceptions",
    "QueryError": "exceptions",
    "StoreUnavailable": "exceptions",
    "UsageError": "exceptions",
    "Event": "fold.events",
    "create_app": "library.asgi",
    "Broker": "library.broker",
    "Events": "library.events",
    "Inspector": "library.inspector",
    "Monitor": "library.monitor",
    "serve": "library.monitor",
    "SearchError": "library.search",
    "parse_search_terms": "library.search",
    "satisfies_search_terms": "library.search",
    "Reader": "library.tasks",
    "as_dict": "library.tasks",
    "get_task_by_id": "library.tasks",
    "iter_tasks": "library.tasks",
    "sort_tasks": "library.tasks",
    "format_duration": "library.text",
    "format_time": "library.text",
    "humanize": "library.text",
}


if not TYPE_CHECKING:  # or every name would be one of ours to a type checker

    def __getattr__(name: str) -> object:
        if name not in _LIBRARY:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_LIBRARY[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_LIBRARY})
