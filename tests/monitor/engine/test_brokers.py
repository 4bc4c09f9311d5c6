"""Real workers on real brokers: from an event to the API."""

from pathlib import Path
from typing import Any

import pytest

from tests.monitor.program import Monitor, monitor
from tests.support import celery
from tests.support.processes import until
from tests.support.rabbitmq import VirtualHost
from tests.support.redis import RedisServer, redis_server


@pytest.fixture(params=["redis", "rabbitmq"])
def broker(request: pytest.FixtureRequest) -> str:
    found: RedisServer | VirtualHost = request.getfixturevalue(request.param)
    return found.url


def test_tasks_of_a_worker_are_kept_with_all_that_events_say(broker: str, tmp_path: Path) -> None:
    with monitor(broker, tmp_path) as seen:
        seen.connected()
        with celery.worker(broker, tmp_path):
            good = seen.task(celery.send(broker, "add", 2, 3), "SUCCESS", sent=True)
            bad = seen.task(celery.send(broker, "fail"), "FAILURE", sent=True)
            retried = seen.task(celery.send(broker, "twice"), "SUCCESS", sent=True)
            old = {"name": good["name"], "args": [1, 2], "queue": "tests", "expires": "2020-01-01"}
            expired = seen.task(seen.post("/api/v1/tasks", old)["uuid"], "REVOKED")

    assert good["name"] == "tests.support.celery_app.add"
    assert (good["args"], good["result"], good["worker"]) == ("(2, 3)", "5", "w1@test")
    # Not "sent": the client says that after it published, and by then a worker may have it.
    assert good["received"] < good["started"] < good["succeeded"]
    assert [event["type"] for event in good["history"] if event["type"] != "task-sent"] == [
        "task-received",
        "task-started",
        "task-succeeded",
    ]
    assert "task-sent" in [event["type"] for event in good["history"]]
    assert bad["exception"] == "ValueError('as it should')"
    assert "Traceback" in bad["traceback"]
    assert retried["retries"] == 1
    assert "task-retried" in [event["type"] for event in retried["history"]]
    assert [event["fields"] for event in expired["history"] if event["type"] == "task-revoked"] == [{"expired": True}]


def test_tasks_that_are_retried_at_once_end_as_they_ended(broker: str, tmp_path: Path) -> None:
    """Another thread may end the next attempt before the one of the first tells that it is retried."""
    with monitor(broker, tmp_path) as seen:
        seen.connected()
        with celery.worker(broker, tmp_path, pool="threads"):
            sent = [celery.announce(broker, "tests.support.celery_app.twice", queue="tests") for _ in range(20)]
            tasks = [_told(seen, uuid, "retried", "succeeded") for uuid in sent]

    assert [(task["state"], task["result"]) for task in tasks] == [("SUCCESS", "'at last'")] * 20


def test_a_worker_goes_from_online_to_offline(broker: str, tmp_path: Path) -> None:
    with monitor(broker, tmp_path) as seen:
        seen.connected()
        with celery.worker(broker, tmp_path):
            _worker(seen, "online")
        _worker(seen, "offline")


def test_a_custom_event_is_in_the_history_with_what_it_told(broker: str, tmp_path: Path) -> None:
    with monitor(broker, tmp_path) as seen:
        seen.connected()
        with celery.worker(broker, tmp_path):
            uuid = celery.send(broker, "progress")
            seen.task(uuid, "SUCCESS")
            # By a connection of its own: on RabbitMQ it may come after the end of its task.
            task = until(lambda: progressed(seen, uuid), f"its own event: {seen.get(f'/api/v1/tasks/{uuid}')}")

    (told,) = [event["fields"] for event in task["history"] if event["type"] == "task-progress"]
    assert told == {"current": 3, "total": 10, "note": "halb fertig: ä"}
    assert task["progress"] == {"current": 3.0, "total": 10.0, "percent": 30.0}


def progressed(seen: Monitor, uuid: str) -> Any:
    """A task once what it told itself is in its history."""
    found = seen.get(f"/api/v1/tasks/{uuid}")
    return found if found and "task-progress" in [event["type"] for event in found["history"]] else None


def test_events_in_messagepack_say_as_much_as_those_in_json(broker: str, tmp_path: Path) -> None:
    with monitor(broker, tmp_path) as seen:
        seen.connected()
        with celery.worker(broker, tmp_path, serializer="msgpack"):
            good = seen.task(celery.send(broker, "add", 2, 3, serializer="msgpack"), "SUCCESS", sent=True)
            bad = seen.task(celery.send(broker, "fail", serializer="msgpack"), "FAILURE", sent=True)
            _worker(seen, "online")
        events = seen.get("/api/v1/summary")["events"]

    assert (good["args"], good["result"], good["worker"]) == ("(2, 3)", "5", "w1@test")
    assert "task-sent" in [event["type"] for event in good["history"]]
    assert bad["exception"] == "ValueError('as it should')"
    assert events["invalid"] == 0


def test_redis_by_socket_with_a_user_and_a_prefix(tmp_path: Path) -> None:
    folder = tmp_path / "redis"
    users = "--user celery on >secret ~* &* +@all --user default off"
    with redis_server(folder, *users.split()) as redis:
        worker_url = f"redis://celery:secret@127.0.0.1:{redis.port}/3"
        url = f"redis+socket://celery:secret@{redis.socket}?virtual_host=3"
        options = ("--broker-transport-options", '{"global_keyprefix": "team-a:"}')
        with monitor(url, tmp_path, *options) as seen:
            seen.connected()
            with celery.worker(worker_url, tmp_path, keyprefix="team-a:"):
                seen.task(celery.send(worker_url, "add", 1, 1, keyprefix="team-a:"), "SUCCESS", sent=True)
            shown = seen.get("/api/v1/summary")["broker"]["url"]

    assert "secret" not in shown + seen.log


def _worker(seen: Monitor, state: str) -> None:
    until(lambda: [w["state"] for w in seen.get("/api/v1/workers")["items"]] == [state] or None, f"worker {state}")


def _told(seen: Monitor, uuid: str, *types: str) -> Any:
    """A task once events of some types came, in whichever order."""

    def look() -> Any:
        task = seen.get(f"/api/v1/tasks/{uuid}")
        found = {event["type"] for event in task["history"]} if task else set()
        return task if found >= {f"task-{kind}" for kind in types} else None

    return until(look, f"events of {uuid}")
