"""Addresses of a cluster: a range that this machine has no route to, and the cable between host and engine.

The engine lives in a network namespace of its own, so nothing that it or Kubernetes does (iptables, bridges, routes)
touches the host's network. A pair of virtual interfaces joins both: the ports of the nodes are reached from the host at
the namespace's end of it.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

from e2e.cluster.errors import UnavailableError
from e2e.cluster.run import run, succeeds

CANDIDATES = (
    # For benchmarks of network devices (RFC 2544): a host rarely has a route to it.
    *IPv4Network("198.18.0.0/15").subnets(new_prefix=16),
    # For carriers (RFC 6598), then private use, in the order in which they are rarely taken.
    *IPv4Network("100.64.0.0/10").subnets(new_prefix=16),
    *reversed(list(IPv4Network("172.16.0.0/12").subnets(new_prefix=16))),
    *reversed(list(IPv4Network("10.128.0.0/9").subnets(new_prefix=16))),
)
"""Ranges to take, the first that is free. One for each cluster."""

INSIDE = (IPv4Network("10.96.0.0/16"), IPv4Network("10.244.0.0/16"))
"""kind's own ranges of Services and pods: the nodes could not reach an engine there."""


@dataclass(frozen=True)
class Network:
    """The addresses of one cluster, all out of one /16."""

    base: IPv4Network

    @property
    def host(self) -> IPv4Address:
        """The host's end of the cable."""
        return self.base[250 * 256 + 1]

    @property
    def node(self) -> IPv4Address:
        """The namespace's end: where the API server and the NodePorts are reached."""
        return self.base[250 * 256 + 2]

    @property
    def bridge(self) -> str:
        """The engine's default bridge."""
        return f"{self.base[1]}/24"

    @property
    def pool(self) -> str:
        """Where the engine takes further networks from, kind's first."""
        return f"{self.base[16 * 256]}/20"


def choose(taken: Iterable[IPv4Network]) -> Network:
    """Return the first candidate that overlaps none of the networks `taken`."""
    occupied = [*taken, *INSIDE]
    for candidate in CANDIDATES:
        if not any(candidate.overlaps(network) for network in occupied):
            return Network(candidate)
    raise UnavailableError("This machine has routes to every range that a cluster could take: see `ip route`.")


def host_networks() -> list[IPv4Network]:
    """Return every network that this machine has a route to, the default route aside."""
    return parse_routes(run("ip", "-json", "-4", "route", "show", "table", "all"))


def parse_routes(text: str) -> list[IPv4Network]:
    """Return the destinations in what `ip -json route` prints."""
    destinations = [route["dst"] for route in json.loads(text or "[]")]
    networks = [IPv4Network(destination) for destination in destinations if destination[0].isdigit()]
    return [network for network in networks if network.prefixlen > 0]


def attach(namespace: str, cable: str, network: Network) -> None:
    """Make the namespace and its cable: `cable`h on the host, `cable`n in the namespace."""
    run("ip", "netns", "add", namespace)
    run("ip", "link", "add", f"{cable}h", "type", "veth", "peer", "name", f"{cable}n", "netns", namespace)
    run("ip", "address", "add", f"{network.host}/30", "dev", f"{cable}h")
    run("ip", "link", "set", f"{cable}h", "up")
    inside = ("ip", "-netns", namespace)
    run(*inside, "address", "add", f"{network.node}/30", "dev", f"{cable}n")
    run(*inside, "link", "set", f"{cable}n", "up")
    run(*inside, "link", "set", "lo", "up")
    run("nsenter", f"--net=/run/netns/{namespace}", "sysctl", "-qw", "net.ipv4.ip_forward=1")


NAMESPACES = Path("/run/netns")
"""Where `ip netns` keeps namespaces. It mounts this folder on itself when it makes the first one, and leaves it so."""


def detach(namespace: str, cable: str) -> None:
    """Take the namespace and its cable away, as far as they are there."""
    if succeeds("ip", "link", "show", f"{cable}h"):
        run("ip", "link", "delete", f"{cable}h")
    if namespace in run("ip", "netns", "list").split():
        run("ip", "netns", "delete", namespace)
    # Not is_mount(), which compares devices: this one is mounted on itself.
    if succeeds("mountpoint", "-q", NAMESPACES) and not any(NAMESPACES.iterdir()):
        run("umount", NAMESPACES)
