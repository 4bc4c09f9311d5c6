"""Options of the monitor by Flower's names."""

from typing import Literal

import msgspec


class Options(msgspec.Struct, frozen=True):
    """None is the monitor's own default."""

    enable_events: bool | None = None
    inspect_timeout: int | None = None
    logging: Literal["debug", "info", "warning", "error", "critical"] | None = None
    purge_offline_workers: int | None = None
    read_only: bool | None = None
    trusted_proxies: list[str] = []
    url_prefix: str | None = None

    @property
    def prefix(self) -> str:
        """`/prefix` as the monitor has it; empty for none."""
        stripped = (self.url_prefix or "").strip("/")
        return f"/{stripped}" if stripped else ""
