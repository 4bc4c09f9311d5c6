"""Ids as uuid4 makes them: scattered, which ids in order would not be and flatter every index with."""

import os


class Ids:
    """Ids of one run; no two runs share one."""

    TASK, PROBE, MESSAGE = 0, 0xEEEE, 0xFFFF
    """Kinds of ids."""

    def __init__(self) -> None:
        self._run = int(os.urandom(4).hex(), 16) * 0x2545F491

    def uuid(self, n: int, kind: int = TASK) -> str:
        """The n-th id of a kind."""
        head = f"{(self._run + n * 0x9E3779B97F4A7C15 + kind) & 0xFFFFFFFFFFFFFFFF:016x}"
        return f"{head[:8]}-{head[8:12]}-4{head[13:]}-8{kind & 0xFFF:03x}-{n:012x}"
