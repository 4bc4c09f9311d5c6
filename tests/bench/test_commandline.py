"""Options that are fields of dataclasses."""

import argparse
import shlex

import pytest

from bench import commandline, options
from bench.commands import compare
from bench.commands.ingest import Options as Ingest
from bench.load.order import Order
from bench.load.shape import Shape


def parsed(kind: type[Shape] | type[Order] | type[Ingest], argv: list[str]) -> object:
    """The options of a command line."""
    parser = argparse.ArgumentParser()
    options.add(parser, kind)
    return options.read(kind, parser.parse_args(argv))


@pytest.mark.parametrize("kind", [Shape, Order, Ingest])
def test_no_arguments_give_the_defaults(kind: type[Shape] | type[Order] | type[Ingest]) -> None:
    assert parsed(kind, []) == kind()


@pytest.mark.parametrize(
    "given",
    [
        Shape(workers=3, batch="24", sent=False, fail=0.5),
        Order(rate=100.0, ack_url="http://127.0.0.1:1"),
        Ingest(parts=("overload",), rates=(1, 2)),
    ],
    ids=["numbers and flags", "optional", "lists"],
)
def test_options_survive_the_way_to_another_process(given: Shape | Order | Ingest) -> None:
    assert parsed(type(given), list(options.arguments(given))) == given


def test_parts_of_ingest_may_come_first() -> None:
    invocation = commandline.parse(shlex.split("ingest capacity overload --rates 10 --profile flower"))

    assert invocation.options == Ingest(parts=("capacity", "overload"), rates=(10,))
    assert invocation.settings.choice.profile == "flower"


def test_a_profile_is_enough_to_compare() -> None:
    assert compare.parse(["flower", 'mine=--cmd "a b" --port 1']) == {
        "flower": ["--profile", "flower"],
        "mine": ["--cmd", "a b", "--port", "1"],
    }
