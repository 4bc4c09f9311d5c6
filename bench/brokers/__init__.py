"""Brokers of a run's own, on free ports of loopback, gone after it."""

from typing import Protocol

from bench.brokers.rabbitmq import RabbitMQ
from bench.brokers.redis import Redis


class Broker(Protocol):
    """A running broker."""

    kind: str
    url: str
    port: int

    def cpu(self) -> float:
        """CPU seconds so far."""

    def cutoffs(self) -> int:
        """How often it closed a subscriber that was too slow."""

    def held(self) -> int:
        """Bytes that it holds for subscribers now."""

    def stop(self) -> None:
        """End it and remove its files."""


def start(kind: str, port: int | None = None, *, unlimited: bool = False) -> Broker:
    """Start one; `unlimited` lets Redis keep any backlog for a slow subscriber instead of cutting it off."""
    return Redis(port, unlimited=unlimited) if kind == "redis" else RabbitMQ(port)
