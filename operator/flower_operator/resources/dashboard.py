"""A Grafana dashboard of one monitor and its workers. Pure.

Schema: Grafana's dashboard JSON model, version 39 (Grafana 10.4 and later read and migrate it).
"""

from dataclasses import dataclass

from flower_operator.kinds import Manifest

COLUMNS = 24
"""Width of Grafana's grid."""


@dataclass(frozen=True)
class _Panel:
    title: str
    queries: tuple[tuple[str, str], ...]
    """Expression, where `%s` stands for the matchers, and legend."""
    unit: str = "short"
    kind: str = "timeseries"
    width: int = 12


_PANELS = (
    _Panel("Workers online", (('flower_monitor_workers{%s,state="online"}', ""),), kind="stat", width=4),
    _Panel("Workers lost", (('flower_monitor_workers{%s,state="lost"}', ""),), kind="stat", width=4),
    _Panel("Broker connected", (("flower_monitor_broker_connected{%s}", ""),), kind="stat", width=4),
    _Panel("Behind by", (("flower_monitor_event_lag_seconds{%s}", ""),), unit="s", kind="stat", width=4),
    _Panel(
        "Failures, last hour",
        (('sum(increase(celery_tasks_total{%s,state="FAILURE"}[1h]))', ""),),
        kind="stat",
        width=4,
    ),
    _Panel(
        "Starts that were missed, last hour",
        (("sum(increase(flower_monitor_tasks_missed_total{%s}[1h]))", ""),),
        kind="stat",
        width=4,
    ),
    _Panel(
        "Tasks by state",
        (("sum by (state) (rate(celery_tasks_total{%s}[$__rate_interval]))", "{{state}}"),),
        unit="ops",
    ),
    _Panel(
        "Failures by task",
        (
            (
                'topk(10, sum by (name) (rate(celery_tasks_total{%s,state="FAILURE"}[$__rate_interval])))',
                "{{name}}",
            ),
        ),
        unit="ops",
    ),
    _Panel(
        "Run time, slowest twentieth, by task",
        (
            (
                "topk(10, histogram_quantile(0.95, sum by (name, le) "
                "(rate(celery_tasks_runtime_seconds_bucket{%s}[$__rate_interval]))))",
                "{{name}}",
            ),
        ),
        unit="s",
    ),
    _Panel("Workers", (("flower_monitor_workers{%s}", "{{state}}"),)),
    _Panel(
        "Events",
        (
            ("rate(flower_monitor_events_received_total{%s}[$__rate_interval])", "received"),
            ("sum(rate(flower_monitor_events_dropped_total{%s}[$__rate_interval]))", "dropped"),
        ),
        unit="ops",
    ),
    _Panel("Store", (("flower_monitor_store_bytes{%s}", "on disk"),), unit="bytes"),
)


def dashboard(matchers: str, title: str, uid: str) -> Manifest:
    """The dashboard. `matchers` select the monitor's series; `uid` is how Grafana knows it again."""
    return {
        "uid": uid,
        "title": title,
        "tags": ["celery", "flower-operator"],
        "schemaVersion": 39,
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": [{"name": "datasource", "type": "datasource", "query": "prometheus"}]},
        "panels": _panels(matchers),
    }


def _panels(matchers: str) -> list[Manifest]:
    """Lay the panels out from left to right, row by row; all of a row are of one height."""
    made, x, y = [], 0, 0
    for number, panel in enumerate(_PANELS, 1):
        height = 4 if panel.kind == "stat" else 8
        made.append(_panel(number, panel, matchers) | {"gridPos": {"x": x, "y": y, "w": panel.width, "h": height}})
        x = (x + panel.width) % COLUMNS
        y += height if x == 0 else 0
    return made


def _panel(number: int, panel: _Panel, matchers: str) -> Manifest:
    source = {"type": "prometheus", "uid": "${datasource}"}
    return {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "datasource": source,
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "targets": [
            {
                "refId": chr(ord("A") + place),
                "datasource": source,
                "expr": expression.replace("%s", matchers),
                "legendFormat": legend,
            }
            for place, (expression, legend) in enumerate(panel.queries)
        ],
    }
