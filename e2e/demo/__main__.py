"""`python3 -m e2e.demo up|down`: two teams' Celery apps with their monitors and the fleet page, to look at.

On a cluster of its own (`e2e.cluster`), or, where no cluster can be had, as processes on this machine. Needs
only the standard library of Python; what else is missing, the steps install or name.
"""

import argparse
import sys

from e2e.demo import local, on_cluster
from e2e.kubernetes import CommandFailed, NoCluster


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m e2e.demo", description=__doc__)
    parser.add_argument("command", choices=["up", "down"], help="start the demo, or remove all it made")
    command = parser.parse_args().command
    try:
        run(command)
    except CommandFailed as failure:
        print(f"demo: {failure}", file=sys.stderr)
        return 1
    return 0


def run(command: str) -> None:
    if command == "down":
        local.down()
        on_cluster.down()
        return
    try:
        print(on_cluster.up())
    except NoCluster:
        print("\nNo cluster can be had here, see above. The same two apps as processes:\n", file=sys.stderr)
        print(local.up())


if __name__ == "__main__":
    sys.exit(main())
