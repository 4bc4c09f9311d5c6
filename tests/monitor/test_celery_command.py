"""What may stand behind `celery flower`."""

import pytest

from flower_monitor import celery_command


@pytest.mark.parametrize(
    ("given", "ours"),
    [
        (["--workdir", "/srv", "--port=5555"], ["--port=5555"]),
        (["--workdir=/srv", "-A", "shop"], ["-A", "shop"]),
        (["-C", "--no-color", "--skip-checks", "config"], ["config"]),
        (["--loader"], []),
    ],
)
def test_options_of_celery_itself_are_told_and_left_out(
    given: list[str], ours: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert list(celery_command._ours(given)) == ours
    assert f"{given[0].partition('=')[0]} has no effect here: it is Celery's own" in capsys.readouterr().err
