"""The same questions to Flower 2.2.0 and to flower-monitor, on the same broker with the same workers and tasks.

`python -m compat` prints route by route whether the answers are the same, better (with the number of the deviation in
docs/flower-compatibility.md), or differ. Checks are data (`compat.checks`); what decides about them is pure
(`compat.verdict`, `compat.views`).
"""
