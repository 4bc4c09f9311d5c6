"""The report of a result file."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from bench.measure.figures import Spread
from bench.report.comparison import comparison
from bench.report.table import cell, column, table

Result = Mapping[str, Any]


def document(data: Result, title: str = "") -> str:
    """Heading and tables of one result file."""
    command = " ".join(data["command"])
    heading = f"## {title + ': ' if title else ''}`{command}`\n"
    if "table" in data:
        figures = {
            path: {name: found and Spread(**found) for name, found in row.items()}
            for path, row in data["table"].items()
        }
        return f"{heading}\n{comparison(figures)}"
    kind: Callable[[Result], str] = REPORTS.get(data["command"][0], plain)
    return f"{heading}\nat {data['at']}, took {data['took_s']} s\n\n{kind(data['result'])}"


def plain(result: Result) -> str:
    """What has no table."""
    return f"```json\n{json.dumps(result, indent=1)}\n```\n"


def runs(result: Result, head: str, names: Mapping[str, str]) -> str:
    """A row for each entry of a result that has runs: key -> title of its column."""
    rows = [[name, *(column(entry["runs"], key) for key in names)] for name, entry in result.items()]
    return table([head, *names.values()], rows)


CAPACITY = {
    "events": "events",
    "events_per_wall_s": "events/wall-s",
    "events_per_cpu_s": "events/CPU-s",
    "peak_rss_mib": "peak RSS MiB",
    "lost": "lost",
    "broker_cpu_s": "broker CPU s",
    "wall_s": "wall s",
    "others_cpu_percent": "others CPU %",
    "calibration_ms": "calibration ms",
}
OVERLOAD = {
    "published": "published",
    "counted": "counted",
    "lost_percent": "lost %",
    "no_subscriber": "of these with no subscriber",
    "cutoffs": "cut off by Redis",
    "probes_lost": "probes lost",
    "drain_s": "drain s",
    "lag_after_s": "lag after s",
    "peak_rss_mib": "peak RSS MiB",
    "cpu_percent": "CPU %",
    "events_per_cpu_s": "events/CPU-s",
    "others_cpu_percent": "others CPU %",
}
TRIAL = {
    "rate": "events/s offered",
    "kept_up": "kept up",
    "cpu_percent": "CPU %",
    "lag_first_third_s": "lag first third s",
    "lag_last_third_s": "lag last third s",
    "drain_s": "drain s",
    "lost": "lost",
    "peak_rss_mib": "peak RSS MiB",
    "others_cpu_percent": "others CPU %",
}
MEMORY = {
    "rss_mib": "RSS MiB",
    "idle_rss_mib": "idle RSS MiB",
    "bytes_per_task": "bytes/task",
    "peak_rss_mib": "peak RSS MiB",
    "feed_events_per_s": "feed events/s",
    "feed_events_per_cpu_s": "feed events/CPU-s",
    "others_cpu_percent": "others CPU %",
}
DURABILITY = {
    "before": "before",
    "after": "after",
    "sampled": "sampled",
    "sample_known": "of them there",
    "last_sampled": "last sampled",
    "last_known": "of them there",
    "lost_ms": "lost ms",
    "db_mib": "store MiB",
    "stop_s": "stop s",
    "restart_s": "restart s",
    "restart_and_count_s": "and count s",
    "rss_after_restart_mib": "RSS after MiB",
    "feed_events_per_cpu_s": "feed events/CPU-s",
    "others_cpu_percent": "others CPU %",
}


def ingest(result: Result) -> str:
    """Capacity, sustained, overload."""
    capacities = {name: entry for name, entry in result.items() if name.startswith("capacity")}
    overloads = {name: entry for name, entry in result.items() if name.startswith("overload")}
    parts = [runs(capacities, "run", CAPACITY)] if capacities else []
    if "sustained" in result:
        parts.append(sustained(result["sustained"]))
    if overloads:
        parts.append(runs(overloads, "run", OVERLOAD))
    return "\n".join(parts)


def sustained(result: Result) -> str:
    """The rate, and the trials of all searches."""
    trials = sorted((trial for one in result["searches"] for trial in one["trials"]), key=lambda trial: trial["rate"])
    rows = [[trial[key] for key in TRIAL] for trial in trials]
    return f"Highest rate kept up: {cell(result['highest_kept_up'])}\n\n{table(list(TRIAL.values()), rows)}"


def memory(result: Result) -> str:
    """Memory, then latencies."""
    parts = [runs(result, "tasks", MEMORY)]
    for kind in ("latency_idle", "latency_loaded"):
        found = {name: run[kind] for name, entry in result.items() for run in entry["runs"] if run[kind]}
        if found:
            parts.append(f"{kind}, ms, p50 / p99\n\n{latencies(found)}")
    return "\n".join(parts)


def latencies(found: Mapping[str, Mapping[str, Any]]) -> str:
    """Column -> request -> latency."""
    requests = list(next(iter(found.values())))
    rows = [[name, *(latency(one.get(name)) for one in found.values())] for name in requests]
    return table(["request", *found], rows)


def latency(one: Mapping[str, Any] | None) -> str:
    """`p50 / p99 (n=…)`, and the status where it is not 200 alone."""
    if one is None or "ms" not in one:
        return cell(one)
    status = "" if one["status"] == [200] else f", status {cell(one['status'])}"
    return f"{cell(one['ms'])}{status}"


def queries(result: Result) -> str:
    """Latencies of the first run, idle and under load."""
    parts = []
    for name, entry in result.items():
        first = entry["runs"][0]
        parts.append(f"{name} ({cell(first['kept'])} there), ms, p50 / p99\n\n{latencies(first['latencies'])}")
    return "\n".join(parts)


def soak(result: Result) -> str:
    """A column for each run."""
    found = result["soak"]["runs"]
    offered = {title: [run["offered"][key] for run in found] for key, title in OVERLOAD.items() if key != "rate"}
    keys = ("kept", "disk_bytes_per_task", "page_ms", "metrics_ms", "subscribers", "streamed_mib", "failures", "lag_s")
    own = {key.replace("_", " "): [run[key] for run in found] for key in keys}
    head = [f"{run['offered']['rate']} events/s" for run in found]
    return table(["what", *head], [[title, *values] for title, values in (offered | own).items()])


def startup(result: Result) -> str:
    """A row for each figure."""
    return table(["what", "median (min-max)"], [(key, value) for key, value in result.items() if key != "runs"])


def durability(result: Result) -> str:
    """A row for each way to end."""
    return runs(result, "how", DURABILITY)


def selfcheck(result: Result) -> str:
    """One line, or what differs."""
    if result["differ"]:
        return plain(result)
    return f"{len(result['types'])} types, all as Celery's own: {', '.join(result['types'])}\n"


REPORTS: Mapping[str, Callable[[Result], str]] = {
    "ingest": ingest,
    "memory": memory,
    "durability": durability,
    "startup": startup,
    "queries": queries,
    "soak": soak,
    "control": latencies,
    "selfcheck": selfcheck,
}
