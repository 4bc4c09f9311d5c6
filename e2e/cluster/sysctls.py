"""Kernel settings that kubelet changes for the whole machine: noted before the first cluster, put back after the last.

kubelet wants them so, in a container as anywhere; a kernel has only one of each.
"""

import json
from pathlib import Path

SETTINGS = ("kernel/panic", "kernel/panic_on_oops", "vm/overcommit_memory", "vm/panic_on_oom")
"""What kubelet sets where the kernel has it otherwise (pkg/kubelet/cm, its --protect-kernel-defaults)."""

KERNEL = Path("/proc/sys")


def note(file: Path, kernel: Path = KERNEL) -> None:
    """Write the settings as they are into `file`, unless an earlier cluster's `up` has."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({name: (kernel / name).read_text() for name in SETTINGS}))


def put_back(file: Path, kernel: Path = KERNEL) -> None:
    """Set what differs from `file` to what it says, and remove the file."""
    if not file.exists():
        return
    for name, value in json.loads(file.read_text()).items():
        if (kernel / name).read_text() != value:
            (kernel / name).write_text(value)
    file.unlink()
