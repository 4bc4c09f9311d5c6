"""`examples/compose.yaml`: what its monitors are told is understood."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.patience import PATIENCE

FILE = Path(__file__).parents[2] / "examples" / "compose.yaml"


def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text())["services"]
    return found


@pytest.mark.parametrize("name", ["flower", "flower-rabbitmq"])
def test_a_monitor_of_the_compose_file_is_configured_as_it_says(name: str, tmp_path: Path) -> None:
    service = services()[name]
    program, *arguments = service["command"]
    before = [*arguments[: arguments.index("flower")], "flower"] if program == "celery" else []
    command = ["-m", program.replace("-", "_"), *before, "config", *arguments[len(before) :]]

    done = subprocess.run(
        [sys.executable, *command],
        env={**os.environ, **service["environment"]},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    shown = {line.split()[0]: line.split()[1] for line in done.stdout.splitlines() if line.startswith("  ")}
    assert (done.returncode, done.stderr) == (0, "")
    assert shown["basic-auth"] == "admin:***"
    assert shown["db"].startswith(f"{service['volumes'][0].partition(':')[2]}/")
    assert shown["broker"].partition("@")[2] or shown["broker"] in service["environment"].values()


def test_the_image_starts_where_and_as_flowers_does() -> None:
    """Compose files that name neither a command nor a folder, and mount their app at /data, need no other change."""
    lines = (FILE.parents[1] / "Dockerfile").read_text().splitlines()
    last = lines[max(n for n, line in enumerate(lines) if line.startswith("FROM")) :]

    assert [line for line in last if line.startswith(("WORKDIR", "EXPOSE", "CMD", "ENTRYPOINT"))] == [
        "WORKDIR /data",
        "EXPOSE 5555",
        'CMD ["celery", "flower"]',
    ]
