"""How long tests wait for what must come true: never a claim, only the end of hoping."""

PATIENCE = 90.0
"""Seconds. What takes one on an idle machine took 30 where twenty tests ran at once on two processors."""
