"""A cluster takes a range that nothing on this machine leads to."""

from ipaddress import IPv4Network

import pytest

from e2e.cluster.errors import UnavailableError
from e2e.cluster.network import CANDIDATES, INSIDE, Network, choose, parse_routes

ROUTES = """[{"dst":"default","gateway":"192.0.2.1","dev":"eth0"},
{"dst":"192.0.2.0/24","dev":"eth0"},
{"type":"local","dst":"192.0.2.7","dev":"eth0","table":"local"}]"""


def test_first_candidate_is_taken_where_nothing_leads_to_it() -> None:
    assert choose([]) == Network(IPv4Network("198.18.0.0/16"))


def test_a_second_cluster_avoids_the_first_by_its_route() -> None:
    first = choose([])
    cable = IPv4Network(f"{first.host}/30", strict=False)
    assert choose([cable]).base == IPv4Network("198.19.0.0/16")


def test_a_route_to_one_address_in_a_candidate_is_enough_to_avoid_it() -> None:
    assert choose([IPv4Network("198.18.3.4/32")]).base == IPv4Network("198.19.0.0/16")


def test_no_candidate_overlaps_pods_or_services() -> None:
    """With all others taken, those that overlap are still not chosen."""
    others = [candidate for candidate in CANDIDATES if not any(candidate.overlaps(inside) for inside in INSIDE)]
    assert len(others) < len(CANDIDATES)
    with pytest.raises(UnavailableError):
        choose(others)


def test_a_machine_that_routes_everything_is_told_so() -> None:
    with pytest.raises(UnavailableError, match="ip route"):
        choose(CANDIDATES)


def test_default_route_is_no_network_and_single_addresses_are() -> None:
    assert parse_routes(ROUTES) == [IPv4Network("192.0.2.0/24"), IPv4Network("192.0.2.7/32")]


def test_no_routes_at_all() -> None:
    assert parse_routes("") == []


def test_addresses_of_one_cluster_do_not_overlap() -> None:
    network = Network(IPv4Network("198.18.0.0/16"))
    parts = [
        IPv4Network(network.bridge, strict=False),
        IPv4Network(network.pool),
        IPv4Network(f"{network.host}/30", strict=False),
    ]
    assert str(network.node) == "198.18.250.2"
    assert network.node in parts[2]
    for part in parts:
        assert sum(part.overlaps(other) for other in parts) == 1
        assert part.subnet_of(network.base)
