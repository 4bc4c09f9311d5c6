"""`GET /api/queues/length`."""

from compat.check import Better, Check, Expect, get

_WITHOUT_CONSUMERS = r'"name": "nobody", "messages": [1-9]'
"""A queue that nobody consumes from, with the tasks that wait in it: what an operator has to see."""

CHECKS: tuple[Check, ...] = (
    get(
        "/api/queues/length",
        "on Redis, one queue without consumers",
        brokers=("redis",),
        better=Better(
            deviation="D15",
            flower=Expect(
                200, r'^{"active_queues": \[((?!nobody).)*"name": "celery", "messages": \d+}((?!nobody).)*\]}$'
            ),
            ours=Expect(200, _WITHOUT_CONSUMERS),
        ),
    ),
    get(
        "/api/queues/length",
        "on RabbitMQ, without its management API",
        brokers=("amqp",),
        better=Better(
            deviation="D15",
            flower=Expect(200, r'^{"active_queues": \[\]}$'),
            ours=Expect(200, _WITHOUT_CONSUMERS),
        ),
    ),
    get(
        "/api/queues/length",
        "the first keys",
        view=lambda body: [list(row)[:2] for row in body["active_queues"]][:1],
        brokers=("redis",),
    ),
    get(
        "/api/queues/length",
        "on RabbitMQ, by its management API",
        on="management",
        brokers=("amqp",),
        better=Better(
            deviation="D15",
            flower=Expect(200, r'^{"active_queues": \[{"arguments": ((?!"nobody").)*$'),
            ours=Expect(200, r'^{"active_queues": \[{"name": "[^"]+", "messages": \d+, "messages_ready": '),
        ),
    ),
    get(
        "/api/queues/length",
        "the broker is down",
        on="down",
        brokers=("redis",),
        better=Better(deviation="D15", flower=Expect(500), ours=Expect(503, "^Queues can't be read: ")),
    ),
)
