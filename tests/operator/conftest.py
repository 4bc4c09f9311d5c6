"""What the operator's tests share."""

from collections.abc import AsyncIterator

import pytest

from flower_operator.kube import KubeApi
from tests.support.kube import api, kube_server, namespace
from tests.support.kube_programs import Access

from .patient import patient
from .world import World, open_world

__all__ = ["api", "kube_server", "namespace"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-golden` writes the golden files anew; look at the diff before you commit it."""
    parser.addoption("--update-golden", action="store_true", help="write tests/operator/golden anew")


@pytest.fixture
def anyio_backend() -> str:
    """The operator runs on asyncio, and so do its tests."""
    return "asyncio"


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of a controller is given up early."""
    patient(monkeypatch)


@pytest.fixture
async def world(api: KubeApi, namespace: str, kube_server: Access, patience: None) -> AsyncIterator[World]:
    """A namespace for a controller."""
    async with open_world(api, namespace, kube_server.kubeconfig) as opened:
        yield opened
