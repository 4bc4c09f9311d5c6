"""How both programs are started."""

import pytest

from compat.programs import Programs, choices
from compat.settings import SETTINGS


@pytest.mark.parametrize("name", SETTINGS)
def test_both_get_the_same_options_and_variables(name: str) -> None:
    setting = SETTINGS[name]

    flower, ours = choices(Programs(), setting, "redis://b", "redis://r")

    assert flower.cmd is not None
    assert ours.cmd is not None
    assert flower.cmd.endswith(setting.options)
    assert ours.cmd.endswith(setting.options)
    assert all(f"{variable}={value}" in flower.env for variable, value in setting.environment.items())
    assert all(f"{variable}={value}" in ours.env for variable, value in setting.environment.items())
    assert flower.ready == ours.ready


def test_ours_can_be_started_as_flower_is() -> None:
    _, plain = choices(Programs(), SETTINGS["main"], "redis://b", "redis://r")
    _, like = choices(Programs(like_flower=True), SETTINGS["main"], "redis://b", "redis://r")

    assert "-m flower_monitor --broker=redis://b" in str(plain.cmd)
    assert "-m celery -A compat.app --broker=redis://b flower" in str(like.cmd)
