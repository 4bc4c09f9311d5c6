"""A controller that reaches the API server through a proxy; tests reach it directly."""

from collections.abc import AsyncIterator

import pytest

from tests.operator.world import World
from tests.support.kube_programs import Access
from tests.support.kube_proxy import Proxy, proxied


@pytest.fixture
async def proxy(world: World, kube_server: Access) -> AsyncIterator[Proxy]:
    """The way of the world's controllers."""
    async with proxied(kube_server.url, str(world.configuration.ssl_ca_cert)) as opened:
        world.configuration.host = opened.url
        yield opened
