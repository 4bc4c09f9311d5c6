"""What is hidden, and what is not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flower_monitor.redact import HIDDEN, Redaction, Rule, RuleError

PASSWORD = Redaction([Rule(argument="password")])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{'password': 'x', 'user': 'bo'}", "{'password': [redacted], 'user': 'bo'}"),
        ("{'user': {'password': 'it\\'s, x', 'n': 1}}", "{'user': {'password': [redacted], 'n': 1}}"),
        ("{'password': ['a', {'b': 'c, d'}], 'n': 1}", "{'password': [redacted], 'n': 1}"),
        ("{'password': <Secret a, b>, 'n': 1}", "{'password': [redacted], 'n': 1}"),
        ("{'password': datetime.date(2026, 1, 1), 'n': 1}", "{'password': [redacted], 'n': 1}"),
        ("{'password': b'x', 'n': 1}", "{'password': [redacted], 'n': 1}"),
        ("{'password': b'it's, x', 'n': 1}", "{'password': [redacted], 'n': 1}"),
        ("{'password': [b'it's, x'], 'n': 1}", "{'password': [redacted], 'n': 1}"),
        ("{'password': b'a\\', b', 'n': 1}", "{'password': [redacted], 'n': 1}"),
        ("{'password': b'it's, no en...", "{'password': [redacted]"),
        ("{'password': 5}", "{'password': [redacted]}"),
        ("{'PassWord': 'x'}", "{'PassWord': [redacted]}"),
        ('["{\\"password\\": \\"a, b\\", \\"n\\": 1}"]', '["{\\"password\\": [redacted], \\"n\\": 1}"]'),
        ("login(password='a b', n=1) failed", "login(password=[redacted], n=1) failed"),
        ("no route to host=h password=abc user=bo", "no route to host=h password=[redacted] user=bo"),
        ("https://h/?password=abc&n=1", "https://h/?password=[redacted]&n=1"),
        ("{'password': 'it has no en...", "{'password': [redacted]"),
        ("{'password': {'a': 'b'", "{'password': [redacted]"),
        ("{'passwords': 'x', 'my_password': 'y'}", "{'passwords': 'x', 'my_password': 'y'}"),
        ("the password was wrong", "the password was wrong"),
        ("", ""),
    ],
)
def test_the_value_of_an_argument_is_hidden(text: str, shown: str) -> None:
    assert PASSWORD.text("any", text) == shown


@pytest.mark.parametrize("name", ["api_token", "TOKEN", "token-2", "access.token.b"])
def test_the_name_of_an_argument_may_have_stars(name: str) -> None:
    redaction = Redaction([Rule(argument="*token*")])

    assert redaction.text("any", f"{{'{name}': 'secret'}}") == f"{{'{name}': {HIDDEN}}}"


def test_what_a_pattern_matches_is_hidden() -> None:
    redaction = Redaction([Rule(pattern=r"\b\d{16}\b")])

    assert redaction.text(None, "('4111111111111111', 5)") == f"('{HIDDEN}', 5)"


def test_all_of_a_task_is_hidden_by_its_name() -> None:
    redaction = Redaction([Rule(task="pay.*")])

    assert redaction.text("pay.card", "anything") == HIDDEN
    assert redaction.text("shop.pay", "anything") == "anything"
    assert redaction.text("pay.card", "") == ""


def test_a_rule_may_be_for_some_tasks() -> None:
    redaction = Redaction([Rule(task="pay.*", argument="card")])

    assert redaction.text("pay.now", "{'card': 1}") == f"{{'card': {HIDDEN}}}"
    assert redaction.text("ship", "{'card': 1}") == "{'card': 1}"


def test_of_a_task_whose_name_is_not_known_all_rules_hold() -> None:
    """Its `received` may have been missed, and its result be the secret."""
    assert Redaction([Rule(task="pay.*")]).text(None, "secret") == HIDDEN


def test_all_rules_are_applied() -> None:
    redaction = Redaction([Rule(argument="a"), Rule(argument="b"), Rule(pattern="x+")])

    assert redaction.text(None, "{'a': 1, 'b': 2, 'c': 'xxy'}") == f"{{'a': {HIDDEN}, 'b': {HIDDEN}, 'c': '{HIDDEN}y'}}"


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (Rule(pattern="["), r"rule 2: '\[' is no regular expression: unterminated character set"),
        (Rule(pattern="$"), "rule 2: .* matches nothing but the empty text"),
        (Rule(), "rule 2 is empty: give task, argument or pattern"),
        (Rule(task=""), "rule 2 has an empty text"),
        (Rule(argument="a", pattern="b"), "rule 2 has both argument and pattern"),
    ],
)
def test_a_bad_rule_is_named(rule: Rule, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        Redaction([Rule(task="fine"), rule])


def values(texts: st.SearchStrategy[str]) -> st.SearchStrategy[object]:
    return st.recursive(
        texts | st.integers() | st.booleans() | st.none() | st.floats(),
        lambda inner: st.lists(inner) | st.dictionaries(texts, inner) | st.tuples(inner, inner),
        max_leaves=10,
    )


ANY = values(st.text())
PLAIN = values(st.text(st.characters(codec="utf-8", exclude_characters="\\", exclude_categories=["C", "Z"])))


@given(before=ANY, value=PLAIN, after=ANY)
def test_the_repr_of_a_value_is_hidden_and_nothing_else(before: object, value: object, after: object) -> None:
    head, tail = f"{{'before': {before!r}, 'password': ", f", 'after': {after!r}}}"

    assert PASSWORD.text("t", f"{head}{value!r}{tail}") == f"{head}{HIDDEN}{tail}"


@given(before=ANY, value=ANY, after=ANY)
def test_no_part_of_any_value_is_shown(before: object, value: object, after: object) -> None:
    head, tail = f"{{'before': {before!r}, 'password': ", f", 'after': {after!r}}}"

    shown = PASSWORD.text("t", f"{head}{value!r}{tail}")

    assert shown.startswith(head + HIDDEN)
    assert tail.endswith(shown.removeprefix(head + HIDDEN))


@given(value=ANY)
def test_no_part_of_any_value_in_json_in_a_repr_is_shown(value: object) -> None:
    body = json.dumps({"password": f"{value!r}", "n": 1})
    text = repr((body,))

    shown = PASSWORD.text("t", text)

    rest = shown.partition(HIDDEN)[2]
    assert text.endswith(rest)
    assert len(rest) <= len(', \\"n\\": 1}\',)')


@given(secret=st.text("abcdef0123456789", min_size=12), cut=st.integers(0, 40))
def test_a_repr_that_was_cut_off_shows_nothing(secret: str, cut: int) -> None:
    text = repr({"n": 1, "password": [secret, {"again": secret}]})

    assert secret[:8] not in PASSWORD.text("t", text[: len(text) - cut])


@given(
    st.sampled_from(["aB", "a", "aa", "*a*", "a?", "b*", "*", "?", "a.b"]),
    st.text(alphabet="aAbB.:='\" ,{}\\-", max_size=30),
)
def test_where_a_name_is_found_does_not_depend_on_the_rest_of_the_text(name: str, text: str) -> None:
    """ASCII alone is looked through in another way, which is quicker."""
    rules = Redaction([Rule(argument=name)])

    assert rules.text(None, f"é, {text}") == f"é, {rules.text(None, text)}"
