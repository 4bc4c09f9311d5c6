"""Names of monitors, but not of this pod and not of its node.

Who may write in a namespace can make a Service there that is a name for anything (ExternalName), and the fleet asks
Services by name. What is in the cluster's network any pod of theirs could ask itself; this pod's loopback and the
link-local addresses of a node, where clouds keep credentials, it could not.
"""

import ipaddress
import socket

from aiohttp.abc import ResolveResult
from aiohttp.resolver import ThreadedResolver
from typing_extensions import override

CLOUD = ipaddress.ip_address("fd00:ec2::254")
"""Where AWS keeps them in IPv6; it looks like any private address."""


class MonitorResolver(ThreadedResolver):
    """Refuses names that lead where no monitor is."""

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await super().resolve(host, port, family)
        if any(is_forbidden(one["host"]) for one in found):
            raise OSError(None, f"{host} is a name of this pod or its node, where no monitor is")
        return found


def is_forbidden(address: str) -> bool:
    """Whether no monitor can be there."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return ip.is_loopback or ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip == CLOUD
