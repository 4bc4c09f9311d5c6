"""Names that lead where no monitor is."""

import pytest

from flower_operator.fleet.fetch import FetchError, by_token, http_fetch
from flower_operator.fleet.resolver import is_forbidden
from tests.fleet.fake_monitor import fake_monitor


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "0.0.0.0", "::"),
        *("169.254.169.254", "::ffff:169.254.169.254", "fe80::1%eth0", "fd00:ec2::254", "224.0.0.1"),
    ],
)
def test_this_pod_and_its_node_are_no_monitors(address: str) -> None:
    assert is_forbidden(address)


@pytest.mark.parametrize("address", ["10.96.0.10", "172.16.3.4", "192.168.1.1", "fd12:3456::1", "203.0.113.7"])
def test_addresses_of_services_are_asked(address: str) -> None:
    assert not is_forbidden(address)


@pytest.mark.anyio
async def test_a_name_for_this_pod_is_not_asked() -> None:
    with fake_monitor() as fake:
        async with http_fetch() as fetch:
            with pytest.raises(FetchError):
                await fetch(by_token(f"http://localhost:{fake.port}", "t"))
        assert fake.paths == []
