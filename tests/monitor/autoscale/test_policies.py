"""Policies: what they may say, where they are kept, and which of two holds."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from flower_monitor.autoscale.policies import Policies, TooMany, Unreadable, changed, kept_beside
from flower_monitor.autoscale.policy import MOST_POLICIES, Document, Policy, parse
from tests.monitor.autoscale.made import policy

FILE = '{"policies": [{"name": "p", "match": {"queue": "work"}, "max": 8, "scaleUpStep": 2, "dryRun": true}]}'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "policies.json"
    path.write_text("{}")
    return path


@pytest.fixture
def policies(tmp_path: Path, file: Path) -> Policies:
    return Policies(file, kept_beside(tmp_path / "flower.sqlite3"))


def test_a_policy_is_written_as_in_kubernetes() -> None:
    (found,) = parse(FILE).policies

    assert (found.max, found.scale_up_step, found.dry_run, found.metric) == (8, 2, True, "load")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"match": {}}, "name a queue or a hostname"),
        ({"min": 5, "max": 3}, "5 is more than max"),
        ({"max": 0}, "max"),
        ({"target": 0}, "target"),
        ({"metric": "cpu"}, "metric"),
        ({"name": "Orders"}, "name"),
        ({"cooldown": 4000}, "cooldown"),
        ({"stabilizationSeconds": {"up": -1}}, "stabilizationSeconds.up"),
        ({"maximum": 3}, "maximum"),
    ],
)
def test_what_is_wrong_is_named(fields: dict[str, Any], why: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=why):
        policy(**fields)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"policies": [%s, %s]}' % ((FILE[14:-2],) * 2), "two of the name p"),
        ('{"webhooks": {"before": "file:///etc/passwd"}}', "begins with https"),
        ('{"webhooks": {"after": "https://gate:port/x"}}', "webhooks.after: no address: Port"),
        ('{"webhooks": {"before": "https://"}}', "webhooks.before: no address"),
        ('{"webhooks": {"before": "https://ga te/x"}}', "webhooks.before: no address"),
        ('{"webhooks": {"timeout": 60}}', "timeout"),
        ("[]", "object"),
        ("{", "truncated"),
    ],
)
def test_a_file_that_is_wrong_says_what(text: str, why: str) -> None:
    with pytest.raises(msgspec.DecodeError, match=why):
        parse(text)


@pytest.mark.parametrize(
    ("match", "hostname", "queues", "fits"),
    [
        ({"queue": "work"}, "w1@a", ["work"], True),
        ({"queue": "work"}, "w1@a", ["mail"], False),
        ({"hostname": "w1@*"}, "w1@a", [], True),
        ({"hostname": "w1@*"}, "w2@a", ["work"], False),
        ({"hostname": "w1@*", "queue": "work"}, "w1@a", ["mail"], False),
        ({"hostname": "w1@*", "queue": "work"}, "w1@a", ["work"], True),
    ],
)
def test_a_match_is_of_all_that_it_names(match: dict[str, str], hostname: str, queues: list[str], fits: bool) -> None:
    assert policy(match=match).match.fits(hostname, queues) is fits


def test_policies_of_the_api_are_kept_over_a_restart(tmp_path: Path, policies: Policies, file: Path) -> None:
    policies.put(policy())
    policies.switch(False)
    again = Policies(file, kept_beside(tmp_path / "flower.sqlite3")).current()

    assert ([held.policy for held in again.policies], again.enabled) == ([policy()], False)


def test_only_the_monitor_may_read_what_is_kept(tmp_path: Path, policies: Policies) -> None:
    policies.put(policy())

    assert kept_beside(tmp_path / "flower.sqlite3").stat().st_mode & 0o777 == 0o600


def test_of_two_of_one_name_the_files_holds(policies: Policies, file: Path) -> None:
    policies.put(policy(max=3))
    before = policies.current()
    file.write_text(FILE)
    after = policies.current()

    assert [(held.source, held.policy.max) for held in before.policies + after.policies] == [("api", 3), ("file", 8)]
    assert list(changed(before, after)) == ["p"]


def test_a_file_that_went_wrong_stops_all_policies_and_says_why(policies: Policies, file: Path) -> None:
    """The API's too: what can't be read may be the webhook that would say no to them, or the switch that is off."""
    policies.put(policy(name="ours"))
    file.write_text(FILE)
    policies.current()
    file.write_text(FILE.replace('"max": 8', '"max": "many"'))
    found = policies.current()

    assert (found.enabled, [held.policy.name for held in found.policies]) == (False, ["ours"])
    assert "policies.json: Expected `int`" in str(found.problem)


def test_a_file_that_was_put_right_is_followed_again(policies: Policies, file: Path) -> None:
    file.write_text("{")
    policies.current()
    file.write_text(FILE)
    found = policies.current()

    assert (found.enabled, found.problem) == (True, None)


def test_a_file_that_is_gone_is_one_that_went_wrong(policies: Policies, file: Path) -> None:
    policies.put(policy(name="ours"))
    file.unlink()
    found = policies.current()

    assert (found.enabled, found.problem) == (False, "policies.json: No such file or directory")


def test_what_is_kept_and_went_wrong_stops_the_files_policies_too(
    tmp_path: Path, policies: Policies, file: Path
) -> None:
    """Perhaps somebody had switched all of it off, which was to be so over a restart."""
    file.write_text(FILE)
    kept_beside(tmp_path / "flower.sqlite3").write_text("{")

    assert not policies.current().enabled


def test_a_file_that_switches_off_wins_over_the_switch(policies: Policies, file: Path) -> None:
    file.write_text('{"enabled": false}')
    policies.switch(True)

    assert not policies.current().enabled


def test_a_policy_that_is_removed_is_gone(policies: Policies) -> None:
    policies.put(policy())
    policies.remove("p")

    assert policies.current().policies == ()


def test_there_are_no_more_policies_than_can_be_decided(policies: Policies, tmp_path: Path) -> None:
    many = Document(policies=tuple(policy(name=f"p{n}") for n in range(MOST_POLICIES)))
    kept_beside(tmp_path / "flower.sqlite3").write_bytes(msgspec.json.encode(many))

    policies.put(policy(name="p1", max=2))
    with pytest.raises(TooMany):
        policies.put(policy(name="another"))


def test_what_a_later_version_has_kept_is_not_written_over(policies: Policies, tmp_path: Path) -> None:
    later = '{"policies": [], "schedules": []}'
    kept = kept_beside(tmp_path / "flower.sqlite3")
    kept.write_text(later)

    with pytest.raises(Unreadable, match="schedules"):
        policies.put(policy())
    with pytest.raises(Unreadable, match="schedules"):
        policies.switch(False)

    assert (kept.read_text(), policies.current().enabled) == (later, False)


def test_a_policy_is_the_same_in_json_and_back() -> None:
    one = policy(scaleUpStep=2, stabilizationSeconds={"up": 5, "down": 10})

    assert msgspec.json.decode(msgspec.json.encode(one), type=Policy) == one
