"""The web process by hand, on a made-up store that changes: `python -m tests.monitor.web.demo --port 5599`.

For work on the pages without broker and workers. User `admin`, password `admin`; ends with Ctrl-C.
"""

import argparse
import random
import socket
import tempfile
import threading
import time
import uuid
from pathlib import Path

from flower_monitor.config import Config, User
from flower_monitor.store.records import BrokerStatus, IngestStatus
from flower_monitor.web.server import run
from tests.monitor.web.stores import StoreFile, task

NAMES = ("shop.orders.place", "shop.mail.send", "shop.reports.build", "shop.images.resize")
WORKERS = tuple(f"celery@worker-{number}" for number in range(4))


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=5599)
    parser.add_argument("--prefix", default="")
    parser.add_argument("--rate", type=float, default=5.0, help="tasks a second")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", options.port)) as listener:
        path = Path(folder) / "flower.sqlite3"
        ready = threading.Event()
        threading.Thread(target=_work, args=(path, options.rate, ready), daemon=True).start()
        ready.wait(10)
        users = (User("admin", "admin"),)
        config = Config(broker_url="redis://127.0.0.1:1/0", store=path, users=users, url_prefix=options.prefix,
                        name="demo", enable_events=False)  # fmt: skip
        run(config, listener)


def _work(path: Path, rate: float, ready: threading.Event) -> None:
    store = StoreFile(path)
    store.add(*(_finished(time.time() - age) for age in range(3600, 0, -10)))
    running: list[dict[str, object]] = []
    outcomes: dict[tuple[int, str], int] = {}
    while True:
        now = time.time()
        started = [_started(now) for _ in range(max(1, round(rate)))]
        ended = [_ended(one, now) for one in running]
        store.add(*started, *ended)
        running = started
        for one in ended:
            key = (int(now // 60) * 60, str(one["state"]))
            outcomes[key] = outcomes.get(key, 0) + 1
            store.rollup(*key, outcomes[key])
        for worker in WORKERS:
            store.worker(worker, processed=store.batch, active=random.randint(0, 4))
            store.count_events(worker, "task-succeeded", NAMES[0], store.batch)
        ingest = IngestStatus(pid=1, started=now, batch=store.batch, committed_at=now, lag=0.1, rate=rate * 4,
                              last_event=now, events_received=store.batch * 4)  # fmt: skip
        store.set_status(ingest=ingest, broker=BrokerStatus(kind="redis", url="redis://redis:6379/0", state="connected",
                                                            since=now - 60))  # fmt: skip
        ready.set()
        time.sleep(1)


def _started(now: float) -> dict[str, object]:
    return task(name=random.choice(NAMES), worker=random.choice(WORKERS), state="STARTED", received=now, ts=now,
                succeeded=None, runtime=None, result=None)  # fmt: skip


def _ended(one: dict[str, object], now: float) -> dict[str, object]:
    if random.random() < 0.1:
        return one | {"state": "FAILURE", "ts": now, "failed": now, "exception": "KeyError('boom')",
                      "traceback": "Traceback (most recent call last):\nKeyError: 'boom'"}  # fmt: skip
    return one | {"state": "SUCCESS", "ts": now, "succeeded": now, "runtime": random.random() * 3, "result": "7"}


def _finished(at: float) -> dict[str, object]:
    return task(str(uuid.uuid4()), name=random.choice(NAMES), worker=random.choice(WORKERS), received=at)


if __name__ == "__main__":
    main()
