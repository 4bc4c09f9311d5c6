"""What each process carries in its memory."""

import subprocess
import sys

import pytest

from tests.support.patience import PATIENCE


def loaded(code: str) -> set[str]:
    """The top-level modules that some code loads."""
    listing = f"{code}; import sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True, timeout=PATIENCE)
    return {name.partition(".")[0] for name in done.stdout.split()}


@pytest.mark.parametrize("broker", ["redis", "rabbitmq"])
def test_ingest_carries_neither_celery_nor_a_web_server(broker: str) -> None:
    found = loaded(f"import flower_monitor.child, flower_monitor.ingest, flower_monitor.receive.{broker}")

    assert not found & {"celery", "kombu", "fastapi", "starlette", "uvicorn", "pydantic", "click", "redis"}


def test_ingest_of_redis_carries_neither_amqp_nor_openssl() -> None:
    assert not loaded("import flower_monitor.ingest, flower_monitor.receive.redis") & {"amqp", "ssl", "_hashlib"}


def test_web_carries_neither_what_only_control_needs_nor_what_takes_long_to_load() -> None:
    found = loaded("import flower_monitor.child, flower_monitor.web.server")

    assert not found & {"celery", "kombu", "redis", "amqp", "fastapi", "pydantic"}


@pytest.mark.parametrize("broker", ["redis://127.0.0.1:1/0", "amqp://127.0.0.1:1/"])
def test_control_carries_kombu_without_celery(broker: str) -> None:
    config = f"Config(broker_url={broker!r}, store=pathlib.Path('unused'))"
    imports = "import pathlib; from flower_monitor.config import Config; from flower_monitor.control import Control"
    found = loaded(f"{imports}; Control({config})._errors")

    assert "kombu" in found
    assert "celery" not in found


def test_the_supervisor_carries_hardly_anything() -> None:
    found = loaded("import flower_monitor.supervisor")

    assert not found & {"click", "msgspec", "apsw", "hiredis"}
