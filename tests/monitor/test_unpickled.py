"""Plain values of pickles, and what of them is never done."""

import contextlib
import datetime
import json
import pickle
from collections import Counter, OrderedDict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from flower_monitor import unpickled
from flower_monitor.unpickled import NotPlain

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=30,
)


@given(PLAIN, st.sampled_from([0, 1, 2, 3, 4, 5]))
def test_plain_values_are_what_was_pickled(value: Any, protocol: int) -> None:
    assert unpickled.loads(pickle.dumps(value, protocol)) == value


@pytest.mark.parametrize("protocol", [0, 2, 4, 5])
def test_tuples_and_sets_become_lists_and_parts_may_be_shared(protocol: int) -> None:
    part = {"a": (1, 2), "b": {3}}

    found = unpickled.loads(pickle.dumps([part, part, {4: b"x" if protocol >= 4 else "x"}], protocol))

    shown = {"a": [1, 2], "b": [3]}
    assert found == [shown, shown, {"4": "x"}]


class Runs:
    """Runs something of the host that loads it."""

    @override
    def __reduce__(self) -> Any:
        return eval, ("__import__('pytest').fail('it was run')",)


@pytest.mark.parametrize("protocol", [0, 2, 4, 5])
def test_objects_are_names_and_nothing_is_run(protocol: int) -> None:
    values = {"a": Runs(), "b": datetime.datetime(2026, 1, 1), "c": OrderedDict(x=1), "d": Counter("aab"), "e": 1}

    found = unpickled.loads(pickle.dumps(values, protocol))

    assert found["e"] == 1
    assert found["a"] in ("<builtins.eval>", "<__builtin__.eval>")
    assert (found["b"], found["c"], found["d"]) == ("<datetime.datetime>", {"x": 1}, {"a": 2, "b": 1})


def _itself() -> list[Any]:
    found: list[Any] = []
    found.append(found)
    return found


def _billions() -> list[Any]:
    found: list[Any] = ["lol"]
    for _ in range(40):
        found = [found] * 10
    return found


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no pickle",
        pickle.dumps([1, 2, 3])[:-3],
        b"(.",
        b"h\x07.",
        b"s.",
        b"]]\x85s.",
        b"Pwhat\n.",
        pickle.dumps(_itself()),
        pickle.dumps(_billions()),
    ],
)
def test_what_is_broken_or_without_end_is_refused(data: bytes) -> None:
    with pytest.raises(NotPlain):
        unpickled.loads(data)


@given(st.binary(max_size=200))
def test_no_bytes_do_anything_but_being_refused_or_read(data: bytes) -> None:
    with contextlib.suppress(NotPlain):  # anything else is a defect
        json.dumps(unpickled.loads(data))
