"""Clocks, figures, and the machine that they are of."""
