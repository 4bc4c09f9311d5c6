"""kill -9 in the middle of writing, twenty times: what was committed is there, once, and the file is sound."""

import random
import subprocess
import sys
from pathlib import Path

import apsw
import pytest

from flower_monitor.fold import row as r
from flower_monitor.store.held import Held
from tests.monitor.store import committer


def life(path: Path, commits: int, instant: float) -> int:
    """One life of the writer: killed an instant after some commits; returns the events it said were committed."""
    command = [sys.executable, "-m", "tests.monitor.store.committer", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(commits)]
        try:
            process.wait(instant)
        except subprocess.TimeoutExpired:
            process.kill()
        told += process.stdout.readlines()
    return int([line for line in told if line.endswith("\n")][-1])


# Twenty processes one after the other: a busy machine takes minutes for their starts alone.
@pytest.mark.timeout(600)
def test_what_was_committed_survives_twenty_kills_in_the_middle_of_writing(tmp_path: Path) -> None:
    path = tmp_path / "s"
    numbers = random.Random(1)
    for _ in range(20):
        committed = life(path, numbers.randrange(1, 4), numbers.random() * 0.2)

        connection = apsw.Connection(str(path))
        stored = int(connection.execute("select value from counter where name = 'made'").get)
        assert stored >= committed
        assert connection.execute("pragma quick_check").get == "ok"
        expected = {committer.key(n) for n in range(-(-stored // 3))}
        keys = [key for (key,) in connection.execute("select uuid from task")]
        keys += [row[r.UUID] for row in Held(connection).load()]
        found = [r.text(key) for key in keys]
        assert len(found) == len(set(found))
        assert set(found) == expected
        assert connection.execute("select sum(n) from tally").get == len(found)
        connection.close()
    assert apsw.Connection(str(path)).execute("pragma integrity_check").get == "ok"
