"""What a simulated monitor answers. Pure."""

import msgspec

OUTCOMES = ("succeeded", "failed", "retried", "revoked")
MINUTES = 60
STARTED = 1_790_000_000.0


def summary(namespace: str, name: str, asked: int, now: float) -> bytes:
    """A summary as `flower-monitor` answers it, of some 6,000 bytes.

    Args:
        namespace: Of the FlowerMonitor.
        name: Its name.
        asked: How often it was asked before: what it has seen grows with it.
        now: Epoch seconds.
    """
    return msgspec.json.encode(
        {
            "monitor": {"name": name, "namespace": namespace, "version": "0.1.0", "started": STARTED, "now": now},
            "broker": {
                "kind": "redis",
                "url": "redis://broker:6379/0",
                "state": "connected",
                "since": STARTED,
                "attempts": 1,
                "last_error": None,
            },
            "workers": {"online": 8, "offline": 1, "lost": 0},
            "tasks": {"kept": 90_000 + asked, "states": {"SUCCESS": 85_000 + asked, "FAILURE": 4_900, "STARTED": 100}},
            "events": {
                "received": 400_000 + 4 * asked,
                "dropped": 0,
                "invalid": 0,
                "rate": 12.5,
                "lag": 0.25,
                "last": now,
                "missed": 0,
                "seen": 1.0,
            },
            "store": {
                "kind": "sqlite",
                "bytes": 80 << 20,
                "free": 10_000_000_000,
                "oldest": STARTED,
                "state": "ok",
                "retention": {"age": 2_592_000.0, "tasks": 1_000_000, "bytes": None},
            },
            "throughput": [{"minute": minute, **dict.fromkeys(OUTCOMES, 3)} for minute in minutes(now)],
            "notices": [],
        }
    )


def minutes(now: float) -> list[int]:
    """The last hour's, the running one last."""
    current = int(now // 60) * 60
    return [current - 60 * ago for ago in range(MINUTES - 1, -1, -1)]
