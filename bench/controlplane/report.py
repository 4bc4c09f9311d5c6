"""The table: a row for each figure, a column for each size. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from bench.report.table import cell, table

Size = Mapping[str, Any]
"""One entry of `sizes` in a result file."""


class Row(NamedTuple):
    """One figure."""

    title: str
    target: str
    """At 1,000 FlowerMonitors and 2 cores; empty: none was set."""
    of: Callable[[Size], Any]


def p95(found: Mapping[str, Any] | None) -> float | None:
    """Milliseconds of latencies."""
    return None if found is None else float(found["p95"])


def seconds(found: Mapping[str, Any] | None) -> float | None:
    """The same in seconds."""
    return None if found is None else round(found["p95"] / 1000, 3)


ROWS = (
    Row("cold, until all children are applied and status is written, s", "25", lambda one: one["cold"]["seconds"]),
    Row("the same: calls to the API server", "", lambda one: sum(one["cold"]["calls"].values())),
    Row("the same: writes", "", lambda one: one["cold"]["writes"]),
    Row("the same: CPU of the controller, s", "", lambda one: one["cold"]["cpu_s"]),
    Row("warm restart until settled, s", "5", lambda one: one["warm"]["seconds"]),
    Row("the same: calls to the API server", "", lambda one: one["warm"]["calls"]),
    Row("the same: writes", "0", lambda one: one["warm"]["writes"]),
    Row("the same: CPU of the controller, s", "", lambda one: one["warm"]["cpu_s"]),
    Row("controller's memory, settled, MiB", "150; 350 at 5,000", lambda one: one["warm"]["rss_mib"]),
    Row("controller's memory, peak, MiB", "", lambda one: max(one["peak_rss_mib"], one["warm"]["peak_rss_mib"])),
    Row("controller's CPU when settled, % of a core", "", lambda one: one["warm"]["idle_cpu_percent"]),
    Row("a change until its child changed, idle, p95, s", "0.3", lambda one: seconds(one["idle"]["ms"])),
    Row("the same while all others are reconciled, p95, s", "2", lambda one: seconds(one["busy"]["ms"])),
    Row("the same: FlowerMonitors that waited then", "", lambda one: one["busy"]["waiting"]),
    Row("fleet: its page, p95, ms", "100", lambda one: p95(one["fleet"]["ms"]["page"])),
    Row("fleet: all monitors by API, p95, ms", "100", lambda one: p95(one["fleet"]["ms"]["api"])),
    Row("fleet: the page's first event, p95, ms", "100", lambda one: p95(one["fleet"]["ms"]["stream"])),
    Row("fleet: `/metrics`, p95, ms", "", lambda one: p95(one["fleet"]["ms"]["metrics"])),
    Row("fleet: a full refresh, s", "10", lambda one: one["fleet"]["refresh_s"]),
    Row("fleet: start until it has asked all, s", "", lambda one: one["fleet"]["first_s"]),
    Row("fleet's memory, MiB", "", lambda one: one["fleet"]["rss_mib"]),
    Row("fleet's CPU when only asking, % of a core", "", lambda one: one["fleet"]["idle_cpu_percent"]),
    Row("CPU of other programs, % of a core: cold, warm, idle, busy, fleet", "", lambda one: disturbed(one)),
    Row("speed of the machine (`calibration_ms`)", "", lambda one: one["calibration_ms"]),
)


def disturbed(one: Size) -> str:
    """How much others used of the machine, by step."""
    return ", ".join(cell(one[step]["others_cpu_percent"]) for step in ("cold", "warm", "idle", "busy", "fleet"))


def document(results: Sequence[Mapping[str, Any]]) -> str:
    """Where and when, then the table of all sizes of some result files, the smallest first."""
    sizes = sorted((one for result in results for one in result["sizes"]), key=lambda one: int(one["monitors"]))
    head = ["", "to reach at 1,000", *(f"{one['monitors']:,}" for one in sizes)]
    rows = [[row.title, row.target, *(row.of(one) for one in sizes)] for row in ROWS]
    return "\n".join([*(place(result) for result in results), "", table(head, rows)])


def place(result: Mapping[str, Any]) -> str:
    """The command, the machine and the versions."""
    machine = result["machine"]
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    return (
        f"`{result['command']}` at {result['at']}, {result['took_s']:g} s: {machine['cores']} cores "
        f"({machine['cpu']}), {machine['memory_mib']} MiB, Linux {machine['kernel']}, Python {machine['python']}, "
        f"{result['kubernetes']}; {packages}"
    )
