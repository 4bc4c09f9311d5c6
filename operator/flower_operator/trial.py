"""`flower-operator try-task`: sends a task through a monitor and waits until the monitor has seen it run.

`helm test` runs it. It speaks to the monitor alone, so it needs neither the broker's address nor any right in
Kubernetes. The task is celery.accumulate, which every Celery worker has and which only gives back its arguments: here
none. It expires, so that one that no worker takes leaves nothing to be done later.
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

import aiohttp
import click
import msgspec

TASK: Final = "celery.accumulate"

LOOK: Final = 0.5
"""Seconds between two looks."""

ONE_ANSWER: Final = aiohttp.ClientTimeout(total=15)
"""For one answer of the monitor."""

ENDED: Final = frozenset({"SUCCESS", "FAILURE", "REVOKED", "REJECTED"})

WORKER: Final = "is a worker online that consumes this queue, is free, and sends events (-E)?"

Found = TypeVar("Found")


class Failed(click.ClickException):
    """The trial failed; the message says at which step, and what to look at."""


@click.command("try-task")
@click.option("--url", required=True, help="Address of the monitor, such as http://orders-monitor:5555.")
@click.option("--queue", default="celery", show_default=True, help="Queue that a worker consumes.")
@click.option(
    "--timeout",
    "seconds",
    type=click.FloatRange(min=1),
    default=60.0,
    show_default=True,
    help="Seconds until the monitor is ready, and again until the task has run.",
)
def command(url: str, queue: str, seconds: float) -> None:
    """Send a task that does nothing through a monitor, and wait until the monitor has seen it run.

    MONITOR_USERNAME and MONITOR_PASSWORD in the environment are of somebody who may send tasks. Exit code 1 where it
    did not run, with what is known of it.
    """
    login = aiohttp.encode_basic_auth(_given("MONITOR_USERNAME"), _given("MONITOR_PASSWORD"), "utf-8")
    task = asyncio.run(_try(url.rstrip("/"), login, queue, seconds))
    click.echo(f"{TASK} {task['uuid']} on queue {queue}: {task['state']} on {task['worker']}, as {url} has seen")


def _given(variable: str) -> str:
    # No options: others can read the arguments of a program.
    if not (value := os.environ.get(variable)):
        raise click.UsageError(f"{variable} is not set in the environment")
    return value


async def _try(url: str, login: str, queue: str, seconds: float) -> dict[str, Any]:
    headers = {"Authorization": login}
    async with aiohttp.ClientSession(headers=headers, timeout=ONE_ANSWER, trust_env=False) as session:
        return await Trial(session, url, queue, seconds).run()


class Trial:
    """One task sent and watched."""

    def __init__(self, session: aiohttp.ClientSession, url: str, queue: str, seconds: float) -> None:
        self._session = session
        self._url = url
        self._queue = queue
        self._seconds = seconds
        self._seen = "it does not answer"
        """What the last look found, for the message of a failure."""

    async def run(self) -> dict[str, Any]:
        """The task as the monitor has it at the end; `Failed` where it did not succeed."""
        await self._until(self._listens, f"{self._url} is not ready")
        uuid = await self._send()
        task = await self._until(lambda: self._end(uuid), f"{TASK} {uuid} was sent to queue {self._queue}, but")
        if task["state"] != "SUCCESS":
            raise Failed(f"{TASK} {uuid} ended as {task['state']} on {task['worker']}: {task.get('exception')}")
        return task

    async def _until(self, look: Callable[[], Awaitable[Found | None]], what: str) -> Found:
        deadline = time.monotonic() + self._seconds
        while time.monotonic() < deadline:
            try:
                if (found := await look()) is not None:
                    return found
            except (aiohttp.ClientError, TimeoutError) as error:
                self._seen = f"it does not answer: {str(error) or type(error).__name__}"
            await asyncio.sleep(LOOK)
        raise Failed(f"{what} after {self._seconds:.0f} s: {self._seen}")

    async def _listens(self) -> bool | None:
        """Whether the monitor hears events: Redis keeps none for who is not there."""
        status, summary = await self._ask("GET", "/api/v1/summary")
        if status != 200:
            self._seen = f"it answers {status}"
            return None
        self._seen = f"its broker is {summary['broker']['state']}"
        return True if summary["broker"]["state"] == "connected" else None

    async def _send(self) -> str:
        body = {"name": TASK, "queue": self._queue, "expires": self._seconds, "ignore_result": True}
        try:
            status, answer = await self._ask("POST", "/api/v1/tasks", body)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Failed(
                f"{self._url} did not say whether it sent {TASK}: {str(error) or type(error).__name__}"
            ) from error
        if status != 202:
            raise Failed(f"{self._url} does not send {TASK}: {status} {_why(answer)}")
        return str(answer["uuid"])

    async def _end(self, uuid: str) -> dict[str, Any] | None:
        status, task = await self._ask("GET", f"/api/v1/tasks/{uuid}")
        if status != 200:
            self._seen = f"no event of it has come: {WORKER}"
            return None
        self._seen = f"it is {task['state']}: {WORKER}"
        found: dict[str, Any] | None = task if task["state"] in ENDED else None
        return found

    async def _ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON of an answer. Who may not is told at once: waiting would not help."""
        async with self._session.request(method, f"{self._url}{path}", json=body, allow_redirects=False) as response:
            answer = _decoded(await response.read())
        if response.status in (401, 403):
            who = "MONITOR_USERNAME and MONITOR_PASSWORD must be of somebody who may send tasks"
            raise Failed(f"{self._url} answers {response.status} to {method} {path}: {_why(answer)} ({who})")
        return response.status, answer


def _decoded(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data)
    except msgspec.DecodeError:
        return None


def _why(answer: Any) -> str:
    return str(answer.get("detail", "")) if isinstance(answer, dict) else ""
