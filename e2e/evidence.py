"""What a cluster says about itself, for the report of a failed test."""

from e2e.kubernetes import CommandFailed, Kubernetes

LOG_LINES = 40
"""Last lines of each container's log."""


def gather(kubernetes: Kubernetes, namespace: str) -> str:
    """Pods and monitors of the cluster, and in a team's namespace Events and the logs of each pod."""
    commands = [
        ("get", "pods,flowermonitors", "-A", "-o", "wide"),
        ("-n", namespace, "get", "events", "--sort-by=.lastTimestamp"),
        ("-n", namespace, "describe", "flowermonitors"),
    ]
    pods = _answer(kubernetes, "-n", namespace, "get", "pods", "-o", "name").split()
    commands += [("-n", namespace, "logs", pod, "--all-containers", f"--tail={LOG_LINES}") for pod in pods]
    return "\n".join(f"$ kubectl {' '.join(command)}\n{_answer(kubernetes, *command)}" for command in commands)


def _answer(kubernetes: Kubernetes, *arguments: str) -> str:
    """What kubectl prints, or why it prints nothing: a part that fails must not hide the rest."""
    try:
        return kubernetes.run("kubectl", *arguments)
    except CommandFailed as failure:
        return str(failure)
