"""Checking hashed passwords in a thread of its own, one at a time: a flood of logins costs no more than a core's share,
and never holds up the event loop."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from flower_monitor.web import passwords


class Checker:
    """Checks passwords against hashes."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="passwords")

    async def fits(self, password: bytes, known: bytes | None) -> bool:
        """Whether a password is that of a hash; of None it never is, after as long."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, passwords.fits, password, known)

    def close(self) -> None:
        """Stop."""
        self._pool.shutdown(wait=False, cancel_futures=True)
