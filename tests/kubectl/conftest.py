"""What the plugin's tests share."""

import pytest

from tests.support.kube import api, kube_server, namespace

__all__ = ["api", "kube_server", "namespace"]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
