"""The load alone: `python -m bench.load --broker redis://127.0.0.1:6379/0 --rate 1000 --seconds 30`; JSON on stdout."""

import argparse
import dataclasses
import json

from bench import options
from bench.load.order import Order
from bench.load.run import Run
from bench.load.shape import Shape


def main() -> None:
    """Parse, send, print what was sent."""
    parser = argparse.ArgumentParser(prog="bench.load", description=__doc__)
    parser.add_argument("--broker", required=True)
    options.add(parser, Shape)
    options.add(parser, Order)
    found = parser.parse_args()
    sent = Run(found.broker, options.read(Shape, found), options.read(Order, found)).send()
    print(json.dumps(dataclasses.asdict(sent)))


if __name__ == "__main__":
    main()
