"""The connections by which the monitors of one cluster are asked."""

from typing import NamedTuple

from aiohttp import ClientSession

from flower_operator.fleet.fetch import Fetch


class Ways(NamedTuple):
    """Connections to monitors."""

    poll: Fetch
    """For the summary, in the fleet's own name."""
    search: Fetch
    """For searches, in the name of the one who searches."""
    proxy: ClientSession
    """For what is passed on, in the name of the one who asks."""
