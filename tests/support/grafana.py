"""What a Grafana dashboard asks for, and where its panels stand."""

from typing import Any


def queries(dashboard: Any) -> list[str]:
    """The expressions of all panels."""
    return [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]


def cells(dashboard: Any) -> list[tuple[int, int]]:
    """The cells of the grid that panels take, one that two take twice."""
    places = [panel["gridPos"] for panel in dashboard["panels"]]
    return [
        (x, y) for at in places for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])
    ]
