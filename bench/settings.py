"""What every subcommand is told."""

import argparse
from dataclasses import dataclass

from bench import options
from bench.load.shape import Shape
from bench.measure.runs import Repeats
from bench.options import option
from bench.sut.choice import Choice


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """The broker, and how long to wait."""

    broker: str = option("redis", "redis or amqp (RabbitMQ)")
    broker_port: int | None = option(None, "port of the bench's own broker instead of a free one")
    timeout: float = option(300, "seconds for a backlog to be taken in")


@dataclass(frozen=True)
class Settings:
    """All of it."""

    around: Surroundings
    repeats: Repeats
    choice: Choice
    shape: Shape


def add(parser: argparse.ArgumentParser) -> None:
    """Give a subcommand's parser the options of all subcommands."""
    options.add(parser, Surroundings)
    options.add(parser, Repeats)
    options.add(parser.add_argument_group("system under test"), Choice)
    options.add(parser.add_argument_group("load"), Shape)


def read(found: argparse.Namespace) -> Settings:
    """What was said."""
    return Settings(
        options.read(Surroundings, found),
        options.read(Repeats, found),
        options.read(Choice, found),
        options.read(Shape, found),
    )
