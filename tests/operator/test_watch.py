"""The watch's own thread; what it hears is tested with a real API server, as whatever a controller does."""

import asyncio

from flower_operator.controller import watch


def test_a_thread_that_ends_after_all_have_given_up_waiting_ends_quietly() -> None:
    loop = asyncio.new_event_loop()
    ended: asyncio.Future[None] = loop.create_future()
    loop.close()
    watch._finish(loop, ended, None)
    assert not ended.done()
