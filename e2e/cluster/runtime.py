"""runc for a Docker engine that may not have every capability. Docker calls a copy of this file in runc's place.

A privileged container gets every capability that the kernel knows. Where the engine's own bounding set lacks one (a
container or sandbox around this machine has taken it away), runc fails with "unable to apply caps: operation not
permitted". This takes what is missing out of runc's instructions, then becomes runc. It imports nothing of the project.
"""

import json
import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

RUNC = "/usr/sbin/runc"
"""Where Debian's package puts it."""

KNOWN = (
    "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE "
    "NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN "
    "SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE "
    "MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE"
)
"""Capabilities in the order of their bits (linux/capability.h)."""


def missing_capabilities(status: str) -> set[str]:
    """Return what the bounding set lacks, from the text of /proc/self/status."""
    line = next(line for line in status.splitlines() if line.startswith("CapBnd:"))
    bounding = int(line.split()[1], 16)
    return {f"CAP_{name}" for bit, name in enumerate(KNOWN.split()) if not bounding >> bit & 1}


def without(process: dict[str, Any], missing: set[str]) -> dict[str, Any]:
    """Return an OCI process description that asks for none of the capabilities `missing`."""
    sets = process.get("capabilities") or {}
    kept = {name: [item for item in items if item not in missing] for name, items in sets.items()}
    return {**process, "capabilities": kept} if sets else process


def instructions(arguments: Sequence[str]) -> Path | None:
    """Return the file in which a call of runc is told what process to start; None where it starts none."""
    if "create" in arguments:
        return Path(_value(arguments, "--bundle", "-b") or ".") / "config.json"
    if "exec" in arguments and (file := _value(arguments, "--process", "-p")):
        return Path(file)
    return None


def _value(arguments: Sequence[str], *options: str) -> str | None:
    return next((value for option, value in pairwise(arguments) if option in options), None)


def main() -> None:
    """Rewrite runc's instructions and become runc."""
    missing = missing_capabilities(Path("/proc/self/status").read_text())
    file = instructions(sys.argv[1:])
    if missing and file:
        document = json.loads(file.read_text())
        if "process" in document:
            document["process"] = without(document["process"], missing)
        else:
            document = without(document, missing)
        file.write_text(json.dumps(document))
    os.execv(RUNC, ["runc", *sys.argv[1:]])  # noqa: S606 - becoming runc is the purpose


if __name__ == "__main__":
    main()
