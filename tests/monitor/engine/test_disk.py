"""The whole monitor on a disk that fills up: it says so, goes on when there is room, and loses none that it took."""

import uuid
from pathlib import Path

import apsw

from flower_monitor.store import connect
from tests.monitor.program import monitor, run
from tests.support.disk import fill
from tests.support.events import sender
from tests.support.processes import until
from tests.support.redis import RedisServer


def test_tasks_wait_while_the_disk_is_full_and_are_there_when_it_is_not(
    redis: RedisServer, volume: Path, tmp_path: Path
) -> None:
    # The log is elsewhere: its lines need room too.
    with monitor(redis.url, tmp_path, "--store", str(volume / "flower.sqlite3")) as seen:
        seen.connected()
        with sender(redis.url) as worker:
            first = worker.task()
            seen.task(first, "SUCCESS")
            taken = fill(volume)
            late = [worker.task() for _ in range(200)]
            until(lambda: "can't be written" in seen.log or None, "the log says that it can't write")
            store = seen.get("/api/v1/summary")["store"]
            assert store["state"] == "disk full"
            assert seen.get(f"/api/v1/tasks/{first}")["state"] == "SUCCESS"

            taken.unlink()
            for task in late:
                seen.task(task, "SUCCESS")

        assert seen.get("/api/v1/summary")["store"]["state"] == "ok"
        assert "Traceback" not in seen.log


def test_a_store_of_a_newer_version_is_refused_with_1_at_once(tmp_path: Path) -> None:
    connection = connect.writer(tmp_path / "s")
    connection.execute("update meta set value = 99 where key = 'schema_version'")
    connection.close()

    code, told = run("--broker", "redis://127.0.0.1:1/0", "--store", str(tmp_path / "s"))

    assert code == 1
    assert "was written by a newer version" in told
    assert "Traceback" not in told
    assert apsw.Connection(str(tmp_path / "s")).execute("select value from meta where key = 'schema_version'").get == 99


def test_a_bad_redaction_rule_is_refused_with_2_and_named(tmp_path: Path) -> None:
    rules = tmp_path / "rules.json"
    rules.write_text('[{"argument": "password"}, {"pattern": "["}]')

    code, told = run("--broker", "redis://127.0.0.1:1/0", "--redact-file", str(rules), cwd=tmp_path)

    assert code == 2
    assert f"--redact-file {rules}: rule 2: '[' is no regular expression" in told


def test_a_password_is_neither_stored_nor_logged(redis: RedisServer, tmp_path: Path) -> None:
    """All the way from the broker: no file of the monitor has it."""
    rule = '[{"argument": "*password*"}, {"pattern": "hunter[0-9]"}]'
    with monitor(redis.url, tmp_path, env={"FLOWER_REDACT": rule}) as seen:
        seen.connected()
        with sender(redis.url) as worker:
            task, kwargs = str(uuid.uuid4()), "{'db_password': 's3cret-value', 'n': 1}"
            worker.send("task-received", uuid=task, name="t", args="('hunter2',)", kwargs=kwargs)
            worker.send("task-succeeded", uuid=task, result="hunter2", runtime=0.1)
        found = seen.task(task, "SUCCESS")
        assert found["kwargs"] == "{'db_password': [redacted], 'n': 1}"
        assert (found["args"], found["result"]) == ("('[redacted]',)", "[redacted]")
        seen.program.stop()

    written = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"s3cret-value" not in written
    assert b"hunter2" not in written
