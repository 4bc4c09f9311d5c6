"""Starting the monitor: what is refused, with what exit code, and what the message tells to do."""

import re
import socket
from pathlib import Path

import httpx
import pytest

from tests.monitor.program import monitor, run
from tests.support.patience import PATIENCE
from tests.support.processes import until
from tests.support.redis import RedisServer

BROKER = ("--broker", "redis://:hidden@127.0.0.1:1/0")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((), "--broker is missing"),
        (
            ("--broker", "sqs://key:hidden@"),
            "transport 'sqs' can't be followed: Celery sends no events over it. Supported are redis, rediss",
        ),
        (("--broker", "host:hidden"), "--broker: not a URL"),
        ((*BROKER, "--prot", "1"), "'--port'"),
        ((*BROKER, "--port", "seventy"), "'--port'"),
        ((*BROKER, "--max-tasks", "0"), "'--max-tasks'"),
        ((*BROKER, "--retention-age", "soon"), "--retention-age: 'soon' is no duration"),
        ((*BROKER, "--basic-auth", "nobody"), "--basic-auth: give user:password"),
        ((*BROKER, "--fleet-token-sha256", "abc"), "--fleet-token-sha256: give the SHA-256"),
        ((*BROKER, "--autoscale-token-sha256", "abc"), "--autoscale-token-sha256: give the SHA-256"),
        ((*BROKER, "--fleet-public-key", "abc"), "--fleet-public-key: give the 32 bytes"),
        ((*BROKER, "--fleet-public-key", "A" * 43), "--fleet-public-key: give --namespace too"),
        ((*BROKER, "--broker-transport-options", "["), "--broker-transport-options: not a JSON object"),
        ((*BROKER, "--broker-transport-options", '{"visibility_timeout": 1}'), "visibility_timeout is refused"),
        ((*BROKER, "--credentials-dir", "/no/such/folder"), "'--credentials-dir'"),
        (("--broker", "rediss://h?ssl_cert_reqs=maybe"), "ssl_cert_reqs=maybe is unknown"),
        (("--broker", "rediss://h?ssl_ca_certs=/no/such/file"), "ssl_ca_certs"),
    ],
)
def test_a_wrong_option_is_refused_with_2_and_named(options: tuple[str, ...], says: str, tmp_path: Path) -> None:
    code, told = run(*options, cwd=tmp_path)

    assert code == 2, told
    assert says in told
    assert "hidden" not in told
    assert "Traceback" not in told


def test_a_missing_folder_for_the_store_is_refused_with_1(tmp_path: Path) -> None:
    code, told = run(*BROKER, "--store", str(tmp_path / "no" / "store"))

    assert code == 1
    assert "--store: the folder" in told


def test_a_port_in_use_is_refused_with_1_and_names_the_option(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, told = run(*BROKER, "--store", str(tmp_path / "s"), "--address", "127.0.0.1", "--port", port)

    assert code == 1
    assert f"port {port}: Address already in use; choose another with --port or --address" in told


def test_a_second_monitor_on_a_store_is_refused_and_told_who_has_it(redis: RedisServer, tmp_path: Path) -> None:
    with monitor(redis.url, tmp_path) as first:
        first.connected()
        code, told = run(*BROKER, "--store", str(first.store), "--port", "0")

        assert code == 1
        assert f"is in use by another monitor (process {first.program.pid})" in told
        assert first.connected()


def test_options_of_the_environment_are_read_and_the_command_line_wins(redis: RedisServer, tmp_path: Path) -> None:
    env = {"CELERY_BROKER_URL": "redis://127.0.0.1:1/0", "FLOWER_NAME": "orders", "FLOWER_NAMESPACE": "team-a"}
    with monitor(redis.url, tmp_path, env=env) as seen:
        summary = seen.connected()

    assert (summary["monitor"]["name"], summary["monitor"]["namespace"]) == ("orders", "team-a")


def test_a_service_link_is_ignored_with_a_warning(redis: RedisServer, tmp_path: Path) -> None:
    env = {"FLOWER_PORT": "tcp://10.0.0.1:5555", "FLOWER_PORT_5555_TCP": "tcp://10.0.0.1:5555"}
    with monitor(redis.url, tmp_path, env=env) as seen:
        seen.connected()

        assert "FLOWER_PORT looks like a Kubernetes Service link" in seen.log


def test_a_service_link_alone_leaves_the_default(tmp_path: Path) -> None:
    """Read from the environment it would be no number."""
    code, told = run("--broker", "sqs://", env={"FLOWER_PORT": "tcp://10.0.0.1:5555"}, cwd=tmp_path)

    assert code == 2
    assert "transport 'sqs' can't be followed" in told


def test_underscores_are_dashes(tmp_path: Path) -> None:
    code, told = run(*BROKER, "--max_tasks", "0", cwd=tmp_path)

    assert code == 2
    assert "0 is not in the range" in told


def test_help_groups_options_and_shows_defaults_and_variables() -> None:
    code, told = run("--help")

    assert code == 0
    for part in ("Broker:", "Store:", "Access:", "FLOWER_MAX_TASKS", "default: 1000000", "default: 30d"):
        assert part in told


def test_a_store_that_is_no_database_is_replaced_and_told(redis: RedisServer, tmp_path: Path) -> None:
    (tmp_path / "flower.sqlite3").write_bytes(b"not a database" * 1000)
    with monitor(redis.url, tmp_path) as seen:
        (notice,) = [one for one in seen.connected()["notices"] if one["code"] == "store-replaced"]

        assert "was moved to" in notice["message"]
        assert "could not be used" in seen.log
        assert list(tmp_path.glob("flower.sqlite3.broken-*"))


def test_a_generated_password_is_printed_once_and_opens_the_api(redis: RedisServer, tmp_path: Path) -> None:
    with monitor(redis.url, tmp_path, "--basic-auth", "") as seen:
        (password,) = until(lambda: re.findall(r"user flower with password (\S+)", seen.log), "a password")

        until(lambda: summary_status(seen.port, password) == 200 or None, "an answer")
        assert summary_status(seen.port, "another") == 401


def summary_status(port: int, password: str) -> int | None:
    try:
        url, login = f"http://127.0.0.1:{port}/api/v1/summary", ("flower", password)
        return httpx.get(url, auth=login, timeout=PATIENCE).status_code
    except httpx.TransportError:
        return None
