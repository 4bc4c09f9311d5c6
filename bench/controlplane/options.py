"""What the command is told."""

from dataclasses import dataclass

from bench.options import option


@dataclass(frozen=True, kw_only=True)
class Options:
    """Every option of `python -m bench.controlplane`."""

    monitors: tuple[int, ...] = option((1000,), "so many FlowerMonitors; several: one fleet after another")
    changes: int = option(100, "changes whose way to the child is timed, idle and busy")
    requests: int = option(100, "requests of each kind to the fleet")
    quiet: float = option(10.0, "seconds for which a settled controller is looked at")
    manager_qps: int = option(
        20, "calls a second of each controller in kube-controller-manager; 20 is its own default, 100 makes pods sooner"
    )
    patience: float = option(1800.0, "seconds that a step may take until the run is given up")
    out: str | None = option(None, "write the results there, as JSON")
    show: tuple[str, ...] = option((), "measure nothing; print the table of these files, a column for each fleet")
