"""`GET /api/workers` in its variants."""

from typing import Any

from compat.check import Better, Check, Expect, get, post
from compat.checks.tasks import LONGER
from compat.views import each, key_set, only, ordered, shape

_LIST = "/api/workers"
_STATUS = Better(deviation="D12", added=("*.status",))
"""Each worker object also says whether the worker is online."""


def _known(then: Any) -> Any:
    """A view of the two workers that both have asked."""
    return only("worker@compat", "auto@compat", then=each(then))


CHECKS: tuple[Check, ...] = (
    get(_LIST, "the keys of a worker", view=_known(key_set), better=_STATUS),
    get(
        _LIST,
        "conf, registered, queues",
        view=_known(lambda one: ordered(only("conf", "registered", "active_queues")(one))),
        better=_STATUS,
    ),
    get(_LIST, "the shape of stats", view=_known(lambda one: shape(one.get("stats"))), better=_STATUS),
    get(
        _LIST,
        "a worker that joined later",
        view=key_set,
        better=Better(
            deviation="D12", flower=Expect(200, r"^((?!victim).)*$"), ours=Expect(200, "victim1@compat.*victim2@compat")
        ),
    ),
    post(
        "/api/worker/queue/cancel-consumer/$victim",
        "queue=never",
        "a worker that joined later",
        better=Better(
            deviation="D12",
            flower=Expect(404, r"^Unknown worker '\$victim'$"),
            ours=Expect(200, '"message": ?"no longer consuming from never"'),
        ),
    ),
    get(f"{_LIST}?status=1", view=ordered),
    get(f"{_LIST}?status=true&workername=nobody", view=ordered),
    get(f"{_LIST}?workername=$worker", view=_known(key_set), better=_STATUS),
    get(f"{_LIST}?workername=nobody"),
    get(
        f"{_LIST}?workername=%3Cscript%3E",
        "markup in the name",
        better=Better(
            deviation="D4",
            flower=Expect(404, "^Unknown worker '&lt;script&gt;'$"),
            ours=Expect(404, "^Unknown worker '<script>'$", {"x-content-type-options": "nosniff"}),
        ),
    ),
    get(f"{_LIST}?refresh=1&workername=$worker", "one, refreshed", view=_known(key_set), better=_STATUS),
    get(
        f"{_LIST}?refresh=1&workername=$worker",
        "its tasks",
        view=_known(lambda one: shape(only("active", "reserved", "scheduled", "revoked")(one))),
        better=_STATUS,
    ),
    get(f"{_LIST}?refresh=1&workername=nobody"),
    get(f"{_LIST}?refresh=x", better=LONGER),
    get(f"{_LIST}?status=x", better=LONGER),
    get(f"{_LIST}?refresh=", better=LONGER),
    get(f"{_LIST}?refresh=1", "all, refreshed", view=_known(key_set), better=_STATUS),
    get(f"{_LIST}?refresh=off", "refresh=off", view=_known(key_set), better=_STATUS),
    get(_LIST, "all that are there", view=key_set),
)
