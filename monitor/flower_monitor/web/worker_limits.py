"""How far a command to a worker may go. Pure."""

MOST = 10_000
"""Processes, threads or greenlets that one call asks for: more than any pool has, less than a slip of the keyboard.
With 0 or less, which Flower takes, prefork takes one away (`billiard.pool.Pool.shrink`)."""

LONGEST_QUEUE = 255
"""Bytes of a queue's name, as AMQP has it. A worker that is given a longer one on RabbitMQ loses its connection."""
