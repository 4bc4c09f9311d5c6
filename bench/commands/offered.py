"""`ingest sustained` and `overload`: a fixed rate; lag, memory, disconnects and loss."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bench import stage
from bench.brokers import Broker
from bench.load.generator import Generator
from bench.load.order import Order, Sent
from bench.measure.figures import Spread, spread
from bench.measure.noise import Noise
from bench.measure.probes import Prober
from bench.measure.runs import Run
from bench.progress import Ticker
from bench.settings import Settings
from bench.sut.answers import task_events
from bench.sut.api import wait_visible
from bench.sut.monitor import Monitor

_GIVE_UP = 20.0
"""Seconds after which a probe counts as lost: on Redis it may have been published while nobody listened."""

Lags = Sequence[tuple[float, float | None]]
"""Seconds since the start, and the lag there."""


@dataclass(kw_only=True)
class Offered(Run):
    """What a monitor did with a rate."""

    rate: int
    batch: str
    seconds: float
    published: int
    """Task events, probes among them."""

    published_per_s: int
    counted: int | None
    lost: int | None
    lost_percent: float | None
    no_subscriber: int
    cutoffs: int
    lag_first_third_s: Spread | None
    lag_last_third_s: Spread | None
    probes_lost: int
    sentinel_seen: bool
    drain_s: float
    """Seconds from the last event to it being visible."""

    lag_after_s: float | None
    """Of one more probe after that."""

    cpu_percent: float
    events_per_cpu_s: int | None
    peak_rss_mib: int
    redis_peak_backlog_mib: int
    log: list[str]
    kept_up: bool


def offered(settings: Settings, rate: int, seconds: float, drain: float = 60) -> Offered:
    """One run at a fixed rate, with the broker's default limits."""
    with (
        stage.broker(settings) as broker,
        stage.monitor(settings, broker) as monitor,
        Prober(broker.url, monitor) as prober,
    ):
        return Offer(settings, broker, monitor, prober).measure(rate, seconds, drain)


class Offer:
    """A rate in front of a monitor."""

    def __init__(
        self,
        settings: Settings,
        broker: Broker,
        monitor: Monitor,
        prober: Prober,
        give_up: float = _GIVE_UP,
    ) -> None:
        self._shape, self._broker, self._monitor, self._prober = settings.shape, broker, monitor, prober
        self._held, self._give_up = 0, give_up

    def measure(self, rate: int, seconds: float, drain: float) -> Offered:
        """Send, probe meanwhile, wait until the last event is visible (at most `drain` seconds)."""
        monitor = self._monitor
        before, cpu = task_events(monitor) or 0, monitor.cpu()
        noise, start = Noise(monitor, self._broker), time.monotonic()
        with Generator(self._broker.url, self._shape, Order(rate=rate, seconds=seconds)) as generator:
            self._watch(generator)
            sent = generator.result()
        seen = wait_visible(monitor.url, sent.probe, drain, 0.1) is not None
        drained = time.monotonic() - sent.sent_monotonic
        used, others, took = monitor.cpu() - cpu, noise.percent(sent.cpu_s), time.monotonic() - start
        alive = self._prober.probe(60)
        time.sleep(1)
        after = task_events(monitor)
        found = self._found(rate, seconds, start, sent, None if after is None else after - before)
        return replace(
            found,
            sentinel_seen=seen,
            drain_s=round(drained, 2),
            lag_after_s=alive and round(alive, 3),
            cpu_percent=round(100 * used / took, 1),
            events_per_cpu_s=None if found.counted is None else round(found.counted / used),
            others_cpu_percent=others,
            kept_up=seen and kept_up(drained, found.lost, found.probes_lost, self._lags(start), seconds),
        )

    def _watch(self, generator: Generator) -> None:
        ticker = Ticker()
        while generator.running():
            lag = self._prober.probe(self._give_up)
            ticker.tick(lambda lag=lag: f"lag {worst(lag):.3f} s, {self._monitor.rss() >> 20} MiB")  # type: ignore[misc]
            self._monitor.rss()
            self._held = max(self._held, self._broker.held())
            for _ in range(5):
                if generator.running():
                    time.sleep(0.1)

    def _lags(self, start: float) -> Lags:
        """Of the probes during the load: the one after it is left out."""
        return [(at - start, lag) for at, lag in self._prober.lags[:-1]]

    def _found(self, rate: int, seconds: float, start: float, sent: Sent, counted: int | None) -> Offered:
        published = sent.events + len(self._prober.lags)
        lost, lags = None if counted is None else published - counted, self._lags(start)
        return Offered(
            rate=rate,
            batch=self._shape.batch,
            seconds=seconds,
            published=published,
            published_per_s=sent.events_per_s,
            counted=counted,
            lost=lost,
            lost_percent=None if lost is None else round(100 * lost / published, 2),
            no_subscriber=sent.undelivered,
            cutoffs=self._broker.cutoffs(),
            lag_first_third_s=spread((worst(lag) for at, lag in lags if at <= seconds / 3), 3),
            lag_last_third_s=spread(last_third(lags, seconds), 3),
            probes_lost=sum(lag is None for _, lag in lags),
            sentinel_seen=False,
            drain_s=0,
            lag_after_s=None,
            cpu_percent=0,
            events_per_cpu_s=None,
            peak_rss_mib=self._monitor.peak_rss() >> 20,
            redis_peak_backlog_mib=self._held >> 20,
            log=self._monitor.complaints(),
            kept_up=False,
        )


def worst(lag: float | None) -> float:
    """A lag; of a probe that never showed, the time after which we gave up."""
    return _GIVE_UP if lag is None else lag


def last_third(lags: Lags, seconds: float) -> list[float]:
    """Lags in the last third of a run."""
    return [worst(lag) for at, lag in lags if at > seconds * 2 / 3]


def kept_up(drained: float, lost: int | None, probes_lost: int, lags: Lags, seconds: float) -> bool:
    """Whether a monitor followed a rate: nothing lost, the end visible in 1.5 s, lag (p90) under 1 s at the end."""
    late = sorted(last_third(lags, seconds))
    return drained < 1.5 and not lost and not probes_lost and bool(late) and late[int(len(late) * 0.9)] < 1.0
