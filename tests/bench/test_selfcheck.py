"""The load's messages against Celery's own EventDispatcher, through a Redis."""

from bench import commandline
from tests.support import ci, ports


def test_messages_are_as_celerys_own() -> None:
    ci.program("redis-server", "redis-server")
    invocation = commandline.parse(["selfcheck", "--broker-port", str(ports.free())])

    found = invocation.module.run(invocation.settings, invocation.options)

    assert (len(found["types"]), found["differ"]) == (8, {})
