"""`python -m flower_operator` is the command `flower-operator`."""

from .main import main

main()
