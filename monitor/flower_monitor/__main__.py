"""`python -m flower_monitor`: the same as `flower-monitor`."""

from flower_monitor.main import main

main()
