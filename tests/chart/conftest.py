"""What the chart's tests share."""

import pytest

from tests.support.kube import api, kube_server, namespace

__all__ = ["api", "kube_server", "namespace"]


@pytest.fixture
def anyio_backend() -> str:
    """The programs run on asyncio, and so do these tests."""
    return "asyncio"
