"""Watches FlowerMonitors and makes each one's children what it says.

The way of a change: `watch` (kopf, its own thread) hears of it -> `queue` (one key once) -> `reconcile` reads the
world, renders, `apply` writes what differs, `checks` say what is wrong, `conditions` fold that into the status.
`poll` asks the monitors themselves. `election` sees that one replica alone does all this.
"""
