"""Results in a store that everybody can read: Redis, SQL, files, memcached and the others that Celery has.

Each thread has a backend of its own: Celery's are not made for several.
"""

import threading
from collections.abc import Mapping
from typing import Any

from flower_monitor import result_backend
from flower_monitor.exceptions import BackendError
from flower_monitor.publish.outcome import ABORTED, Outcome, outcome


class Stored:
    """Reads results; called in threads.

    Args:
        url: Celery's `result_backend`.
        settings: Further ones of Celery's.
    """

    def __init__(self, url: str, settings: Mapping[str, Any] = result_backend.NO_SETTINGS) -> None:
        self._url = url
        self._settings = settings
        self._own = threading.local()
        self._made: list[Any] = []

    def read(self, uuid: str) -> Outcome:
        """What there is of a task.

        Raises:
            BackendError: It can't be asked.
        """
        try:
            return outcome(self._backend.get_task_meta(uuid, cache=False))
        except Exception as error:
            # Each backend has errors of its own library.
            raise self._problem(error) from error

    def abort(self, uuid: str) -> Outcome:
        """Write that a task is to abort, unless it has ended; what it is then.

        Raises:
            BackendError: It can't be written.
        """
        found = self.read(uuid)
        if found.ready:
            return found
        try:
            self._backend.store_result(uuid, None, ABORTED, traceback=None)
        except Exception as error:
            # As in `read`.
            raise self._problem(error) from error
        return Outcome(ABORTED)

    def close(self) -> None:
        """Close the connections of all threads."""
        for backend in self._made:
            result_backend.disconnect(backend)

    @property
    def _backend(self) -> Any:
        if not hasattr(self._own, "backend"):
            self._own.backend = result_backend.connect(self._url, self._settings)
            self._made.append(self._own.backend)
        return self._own.backend

    def _problem(self, error: Exception) -> BackendError:
        return BackendError(f"the result backend can't be used: {result_backend.words(self._url, error)}")
