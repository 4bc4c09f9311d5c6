"""Which monitor is measured, by the command line."""

from dataclasses import dataclass

from bench.options import option
from bench.sut.profiles import PROFILES, Profile


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The system under test."""

    profile: str = option("flower-monitor", f"one that the bench knows: {', '.join(PROFILES)}")
    python: str | None = option(None, "interpreter for {python}, instead of this one")
    cmd: str | None = option(None, "command line instead of the profile's, with {python} {broker} {port} {max_tasks}")
    persist: str | None = option(None, "what to add for a store that outlives the process, with {db} {interval_ms}")
    env: tuple[str, ...] = option((), "NAME=VALUE for the monitor, placeholders allowed")
    port: int | None = option(None, "its port instead of a free one")
    url: str | None = option(None, "base URL of one that runs already and reads the bench's broker (with --pid)")
    pid: int | None = option(None, "its process")
    ready: str = option("/healthcheck", "path that answers 200 when it is up")
    max_tasks: int = option(100_000, "tasks that it keeps")

    @property
    def known(self) -> Profile:
        """The profile."""
        return PROFILES[self.profile]
