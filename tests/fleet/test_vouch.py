"""What the fleet signs is what a monitor believes: both sides, as they are."""

import pytest

from flower_monitor.web.vouched import Fleet
from flower_operator.fleet.identity import Identity
from flower_operator.fleet.rights import Role
from flower_operator.fleet.vouch import HEADER, Voucher
from flower_operator.identity_key import public_key
from tests.fleet.made import ORDERS

pytestmark = pytest.mark.anyio

KEY = b"k" * 44
NOW = 1_800_000_000


async def key() -> bytes:
    return KEY


@pytest.mark.parametrize("role", Role)
async def test_a_monitor_believes_its_fleet(role: Role) -> None:
    header = await Voucher(key, lambda: NOW).header(Identity("ann@example.com"), role, ORDERS)

    person = Fleet(public_key(KEY), "team-a/orders", lambda: NOW).check(header)
    assert (person.principal.name, person.principal.role.name) == ("ann@example.com", role.name)
    assert person.base == "/n/team-a/orders/"


async def test_both_call_the_header_the_same() -> None:
    from flower_monitor.web import vouched

    assert vouched.HEADER == HEADER
