"""Commands to workers, and about tasks."""

from compat.check import Better, Check, Expect, get, post
from compat.checks.tasks import LONGER
from compat.views import nothing

TOLD = Better(deviation="D13", added=("acknowledged", "replies", "silent"))
"""Flower's message, and who said what."""

_PLAIN = Better(deviation="D5", plain=True)
"""The worker's refusal, as text that no browser takes for markup."""


def done(message: str, deviation: str, flower: Expect) -> Better:
    """Ours does what was asked, where Flower does something else."""
    return Better(deviation=deviation, flower=flower, ours=Expect(200, f'"message": "{message}"'))


def _worker(command: str, body: str, better: Better | None, name: str = "", worker: str = "$worker") -> Check:
    return post(f"/api/worker/{command}/{worker}", body, name, better=better)


def _task(command: str, body: str, better: Better | None, name: str = "") -> Check:
    return post(f"/api/task/{command}", body, name, better=better)


_MULTIPART_TYPE = "multipart/form-data; boundary=xyz"
_MULTIPART = '--xyz\r\nContent-Disposition: form-data; name="n"\r\n\r\n1\r\n--xyz--\r\n'
_GROW = "Growing 'worker@compat' worker's pool by"

CHECKS: tuple[Check, ...] = (
    get("/api/workers?refresh=1", "so that Flower knows all workers", view=nothing),
    _worker("pool/grow", "", TOLD, "n left out"),
    _worker("pool/grow", "n=2", TOLD),
    post("/api/worker/pool/grow/$worker?n=1", better=TOLD),
    post("/api/worker/pool/grow/$worker?n=1", "n=2", "n=1 in the query, n=2 in the form", better=TOLD),
    _worker("pool/grow", "n=2&n=1", TOLD, "n twice"),
    _worker("pool/grow", "n=1", TOLD, "the name percent-encoded", "worker%40compat"),
    post("/api/worker/pool/grow/$worker", _MULTIPART, "curl -F n=1", type=_MULTIPART_TYPE, better=TOLD),
    _worker("pool/grow", '{"n": 2}', done(f"{_GROW} 2", "D1", Expect(200, f"{_GROW} 1")), "JSON"),
    _worker("pool/grow", "n=x", LONGER),
    _worker("pool/grow", "n=", LONGER),
    _worker(
        "pool/grow",
        "n=-1",
        Better(
            deviation="D36", flower=Expect(200, f"{_GROW} -1"), ours=Expect(400, "^Invalid argument '-1' of type 'int'")
        ),
    ),
    _worker("pool/grow", "n=1", _PLAIN, "autoscaled", "$auto"),
    _worker("pool/grow", "n=1", None, "unknown worker", "nobody"),
    _worker("pool/grow", "n=1", None, "markup in the name", "%3Cscript%3E"),
    _worker("pool/shrink", "", TOLD, "n left out"),
    _worker("pool/shrink", "n=2", TOLD),
    _worker("pool/shrink", "n=x", LONGER),
    _worker("pool/shrink", "n=1", None, "unknown worker", "nobody"),
    _worker("pool/shrink", "n=1", _PLAIN, "autoscaled", "$auto"),
    _worker("pool/autoscale", "min=1&max=4", TOLD, worker="$auto"),
    post("/api/worker/pool/autoscale/$auto?min=1&max=3", better=TOLD),
    _worker(
        "pool/autoscale",
        '{"min": 1, "max": 3}',
        done(r"Autoscaling 'auto@compat' worker \(min=1, max=3\)", "D1", Expect(400, "^Missing argument min$")),
        "JSON",
        "$auto",
    ),
    _worker("pool/autoscale", "min=1", None, worker="$auto"),
    _worker("pool/autoscale", "max=3", None, worker="$auto"),
    _worker("pool/autoscale", "min=x&max=3", LONGER, worker="$auto"),
    _worker("pool/autoscale", "min=1&max=3", _PLAIN, "no autoscaler"),
    _worker("pool/autoscale", "min=1&max=3", None, "unknown worker", "nobody"),
    _worker("queue/add-consumer", "queue=extra", TOLD),
    post("/api/worker/queue/add-consumer/$worker?queue=more", better=TOLD),
    _worker(
        "queue/add-consumer",
        '{"queue": "json"}',
        done("add consumer json", "D1", Expect(400, "^Missing argument queue$")),
        "JSON",
    ),
    _worker(
        "queue/add-consumer",
        "queue=a%26b",
        done("add consumer a&b", "D4", Expect(200, "add consumer a&amp;b")),
        "a & in the name",
    ),
    _worker("queue/add-consumer", "", None, "queue left out"),
    _worker("queue/add-consumer", "queue=", None),
    _worker("queue/add-consumer", "queue=extra", None, "unknown worker", "nobody"),
    _worker("queue/cancel-consumer", "queue=extra", TOLD),
    _worker("queue/cancel-consumer", "queue=never", TOLD),
    _worker("queue/cancel-consumer", "", None, "queue left out"),
    _worker("queue/cancel-consumer", "queue=extra", None, "unknown worker", "nobody"),
    _worker("pool/restart", "", _PLAIN, "not enabled", "$auto"),
    _worker("pool/restart", "", None, "unknown worker", "nobody"),
    _task("timeout/tasks.add", "workername=$worker&soft=30&hard=100", TOLD),
    _task("timeout/tasks.add?workername=$worker&hard=100", "", TOLD),
    _task("timeout/tasks.add", "soft=30", None),
    _task("timeout/tasks.add", "workername=$worker&soft=x", LONGER),
    _task("timeout/tasks.nobody", "workername=$worker&soft=30", None, "unknown task"),
    _task("timeout/tasks.add", "workername=nobody&soft=30", None, "unknown worker"),
    _task("rate-limit/tasks.add", "workername=$worker&ratelimit=200", TOLD),
    _task("rate-limit/tasks.add", "workername=$worker&ratelimit=11/m", TOLD),
    _task("rate-limit/tasks.add?workername=$worker&ratelimit=20", "", TOLD),
    _task(
        "rate-limit/tasks.add",
        '{"workername": "$worker", "ratelimit": "300"}',
        done("new rate limit set successfully", "D1", Expect(400, "^Missing argument workername$")),
        "JSON",
    ),
    _task("rate-limit/tasks.add", "workername=$worker&ratelimit=zzz", _PLAIN),
    _task("rate-limit/tasks.add", "workername=$worker", None),
    _task("rate-limit/tasks.add", "ratelimit=200", None),
    _task("rate-limit/tasks.nobody", "workername=$worker&ratelimit=200", None, "unknown task"),
    _task("rate-limit/tasks.add", "workername=nobody&ratelimit=200", None, "unknown worker"),
    _task("revoke/nobody", "", TOLD, "unknown"),
    _task("revoke/$eta", "", TOLD, "received"),
    _task("revoke/nobody?terminate=true&signal=SIGKILL", "", TOLD),
    _task("revoke/nobody", "terminate=x", LONGER),
    _task(
        "revoke/nobody",
        "terminate=true&signal=SIGNOTHING",
        Better(deviation="D13", flower=Expect(200, "Revoked 'nobody'"), ours=Expect(400, "SIGNOTHING")),
    ),
    _task("revoke/nobody", '{"terminate": true, "signal": "SIGKILL"}', TOLD, "JSON"),
    _worker("shutdown", "", None, "unknown worker", "nobody"),
    _worker("shutdown", "", None, "markup in the name", "%3Cscript%3E"),
    _worker("pool/restart", "", TOLD, "enabled"),
    _worker("shutdown", "", TOLD, "one each", "$victim"),
)
