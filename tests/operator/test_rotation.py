"""Generated credentials are rotated once for each request, and the old ones are accepted for a while."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from flower_operator import constants, kinds, spec
from flower_operator.controller import status
from flower_operator.controller.apply import Applier
from flower_operator.controller.checks.credentials import check_credentials
from flower_operator.controller.inventory import Inventory
from flower_operator.exceptions import Conflict
from flower_operator.kinds import Manifest
from flower_operator.resources import rotation, secrets
from flower_operator.resources.render import Context, render
from flower_operator.resources.rotation import Fresh, overlap_ends, step
from flower_operator.spec import Monitor

from .made import encoded, monitor
from .world import World, until

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
FRESH = Fresh("new password", "new token")
OLD = encoded(username="admin", password="old password", token="old token")
PREVIOUS = encoded(previousPassword="older", previousToken="older token")


def asking(value: str = "one", **fields: Any) -> Monitor:
    return monitor(annotations={constants.ANNOTATION_ROTATE: value}, **fields)


def live(data: dict[str, str] = OLD, **annotations: str) -> Manifest:
    """The Secret as it stands; `rotated` and `ends` are its annotations."""
    names = {"rotated": constants.ANNOTATION_ROTATED, "ends": constants.ANNOTATION_OVERLAP_ENDS}
    found = {names[name]: value for name, value in annotations.items()}
    return {"metadata": {"name": "orders-credentials", "resourceVersion": "7", "annotations": found}, "data": data}


def test_nothing_is_rotated_that_nobody_asked_for() -> None:
    assert step(monitor(), live(), FRESH, NOW) is None


def test_what_was_asked_for_is_done_in_one_write_on_the_version_that_was_seen() -> None:
    assert step(asking(), live(), FRESH, NOW) == {
        "metadata": {
            "annotations": {
                constants.ANNOTATION_ROTATED: "one",
                constants.ANNOTATION_OVERLAP_ENDS: "2026-01-03T03:04:05Z",
            },
            "resourceVersion": "7",
        },
        "data": {
            **encoded(password="new password", token="new token"),
            **encoded(previousPassword="old password", previousToken="old token"),
        },
    }


def test_the_overlap_is_as_long_as_the_spec_says() -> None:
    patch = step(asking(access={"rotationOverlap": "1h30m"}), live(), FRESH, NOW)
    assert patch is not None
    assert patch["metadata"]["annotations"][constants.ANNOTATION_OVERLAP_ENDS] == "2026-01-02T04:34:05Z"


def test_one_request_is_one_rotation() -> None:
    during = live(OLD | PREVIOUS, rotated="one", ends="2026-01-03T03:04:05Z")
    assert step(asking(), during, FRESH, NOW) is None
    assert step(asking(), live(rotated="one"), FRESH, NOW) is None


def test_another_request_is_another_rotation() -> None:
    assert step(asking("two"), live(rotated="one"), FRESH, NOW) is not None


def test_after_the_overlap_the_old_ones_go_and_the_new_ones_stay() -> None:
    over = live(OLD | PREVIOUS, rotated="one", ends="2026-01-02T03:04:05Z")
    assert step(asking(), over, FRESH, NOW) == {
        "metadata": {"annotations": {constants.ANNOTATION_OVERLAP_ENDS: None}, "resourceVersion": "7"},
        "data": {"previousPassword": None, "previousToken": None},
    }


def test_an_overlap_ends_though_the_request_is_gone() -> None:
    assert step(monitor(), live(OLD | PREVIOUS, rotated="one", ends="2026-01-02T03:04:05Z"), FRESH, NOW) is not None


def test_an_end_that_cannot_be_read_is_over() -> None:
    assert step(monitor(), live(OLD | PREVIOUS, ends="soon"), FRESH, NOW) is not None


def test_what_was_not_there_is_not_kept() -> None:
    patch = step(asking(), live(encoded(username="admin")), FRESH, NOW)
    assert patch is not None
    assert (patch["data"]["previousPassword"], patch["data"]["previousToken"]) == (None, None)


def test_new_credentials_need_no_rotation() -> None:
    made = secrets.credentials(asking(), "password", "token")
    assert step(asking(), {**made, "data": OLD}, FRESH, NOW) is None


def test_only_so_much_of_a_request_counts_as_is_kept() -> None:
    assert len(asking("x" * 1000).rotate) == constants.LONGEST_ROTATE


def config_hash(credentials: dict[str, str]) -> str:
    children = render(monitor(), Context("image", b"k" * 32, credentials=credentials))
    found = next(child.manifest for child in children if child.kind is kinds.DEPLOYMENT)
    return str(found["spec"]["template"]["metadata"]["annotations"][constants.ANNOTATION_CONFIG_HASH])


def test_the_end_of_an_overlap_restarts_nothing() -> None:
    assert config_hash(OLD | PREVIOUS) == config_hash(OLD)


def test_the_condition_says_until_when_the_old_ones_are_accepted() -> None:
    found = check_credentials(monitor(), OLD, NOW)
    assert (found.state.status, found.reason) == ("True", "Rotated")
    assert "accepted until 2026-01-02T03:04:05Z" in found.message


def test_a_request_that_has_no_effect_is_said() -> None:
    found = check_credentials(asking(access={"adminSecretRef": {"name": "mine"}}), OLD)
    assert "flower-operator.io/rotate has no effect" in found.message


def test_beginning_and_end_are_each_one_event() -> None:
    def told(before: Manifest, ends: datetime | None) -> tuple[list[str], Manifest]:
        findings = [check_credentials(monitor(), OLD, ends)]
        made = status.status(monitor(before), findings, None, None, "2026-01-02T03:04:05Z")
        return [notice.reason for notice in status.notices(monitor(before), findings, made)], made

    before = told({}, None)[1]
    first, during = told(before, NOW)
    again, _ = told(during, NOW)
    last, after = told(during, None)
    assert [first, again, last, told(after, None)[0]] == [["Rotated"], [], ["RotationEnded"], []]


async def rotate(world: World, value: str) -> Manifest:
    patch = {"metadata": {"annotations": {constants.ANNOTATION_ROTATE: value}}}
    return await world.api.merge(kinds.FLOWER_MONITOR, world.namespace, "orders", patch)


async def told_of(world: World, reason: str) -> None:
    async def told() -> bool:
        return [event[:2] for event in await world.events()].count(("Normal", reason)) == 1

    await until(told, f"one Event {reason}")


@pytest.mark.anyio
async def test_from_the_request_to_the_end_of_the_overlap(world: World) -> None:
    async with world.controller():
        await world.create()
        before = (await world.appears(kinds.SECRET, "orders-credentials"))["data"]
        await world.condition("CredentialsReady", "True", "Found")
        await rotate(world, "one")
        await world.condition("CredentialsReady", "True", "Rotated")
        during = (await world.appears(kinds.SECRET, "orders-credentials"))["data"]
        await told_of(world, "Rotated")
        over = {"metadata": {"annotations": {constants.ANNOTATION_OVERLAP_ENDS: "2026-01-01T00:00:00Z"}}}
        await world.api.merge(kinds.SECRET, world.namespace, "orders-credentials", over)
        await world.condition("CredentialsReady", "True", "Found")
        after = (await world.appears(kinds.SECRET, "orders-credentials"))["data"]
        await told_of(world, "RotationEnded")
    assert (during["previousPassword"], during["previousToken"]) == (before["password"], before["token"])
    assert during["password"] != before["password"]
    assert during["token"] != before["token"]
    assert after == {name: during[name] for name in ("username", "password", "token")}


@pytest.mark.anyio
async def test_of_two_that_rotate_at_once_one_does(world: World) -> None:
    """Two replicas that both believe to lead, or a leader that was killed before it heard that it was done."""
    await world.create()
    appliers = [Applier(world.api, Inventory(world.api, (world.namespace,))) for _ in range(2)]
    plain = spec.parse(await world.appears(kinds.FLOWER_MONITOR, "orders"))
    seen, _ = await appliers[0].ensure_credentials(plain, None)
    asked = spec.parse(await rotate(world, "one"))
    tries = (applier.ensure_credentials(asked, seen) for applier in appliers)
    done = await asyncio.gather(*tries, return_exceptions=True)
    (refused,) = [one for one in done if isinstance(one, BaseException)]
    (made,) = [one for one in done if isinstance(one, tuple)]
    assert isinstance(refused, Conflict)
    now = await world.appears(kinds.SECRET, "orders-credentials")
    again, _ = await appliers[1].ensure_credentials(asked, now)
    assert again is not None
    assert made[0] is not None
    assert again["data"] == made[0]["data"]
    assert overlap_ends(again) is not None
    assert seen is not None
    assert again["data"][rotation.PREVIOUS["password"]] == seen["data"]["password"]
