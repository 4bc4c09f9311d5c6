"""Benchmarks of Celery monitors from the outside, Flower and ours by the same load: `python -m bench SUBCOMMAND`.

`load` makes the events that workers publish, `brokers` and `sut` start what they go to, `measure` has clocks and
figures, `commands` one module a subcommand, `report` turns results (JSON) into Markdown. docs/benchmarks.md says
what is measured and how.
"""
