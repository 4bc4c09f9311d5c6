"""Which queue a worker consumes, where it is only one: what it does then is of that queue, though no event says so."""

import msgspec


class Consumption(msgspec.Struct, frozen=True, tag="consumption"):
    """What some workers said that they consume; from web, which asks them, to ingest, which counts."""

    queues: dict[str, str]
    """Host name -> its only queue; "": it has several or none."""
