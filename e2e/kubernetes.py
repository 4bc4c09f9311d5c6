"""The cluster tool, kubectl and helm, as the demo and the tests on real pods call them."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NO_CLUSTER = 3  # exit code of e2e.cluster where neither an engine nor the means to make one are here


class NoCluster(Exception):
    """No cluster can be had; the cluster tool has said why on standard error."""


class CommandFailed(Exception):
    """A command failed; the message has the command and what it said."""


def tool(*arguments: str) -> str:
    """Call the cluster tool; its progress goes to standard error, its last line of output is the answer.

    Raises NoCluster or CommandFailed.
    """
    command = [sys.executable, "-m", "e2e.cluster", *arguments]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode == NO_CLUSTER:
        raise NoCluster
    if done.returncode:
        raise CommandFailed(f"`{' '.join(command[1:])}` failed, see above")
    return done.stdout.strip().rpartition("\n")[2]


class Kubernetes:
    """One cluster of the cluster tool, by its name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def tool(self, command: str, *arguments: str) -> str:
        """Call the cluster tool for this cluster."""
        return tool(command, "--name", self.name, *arguments)

    def connect(self) -> None:
        """Learn where the running cluster is; needed before `run`."""
        self.kubeconfig = self.tool("kubeconfig")
        self.address = self.tool("address")
        self.programs = tool("tools")

    def run(self, *command: str, text: str | None = None) -> str:
        """Run kubectl, helm or docker against the cluster and return its output; raises CommandFailed."""
        path = f"{self.programs}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "KUBECONFIG": self.kubeconfig}
        done = subprocess.run(
            command, cwd=ROOT, env=environment, input=text, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise CommandFailed(f"`{' '.join(command)}` failed:\n{done.stderr.strip()}")
        return done.stdout

    def get(self, *what: str) -> dict[str, Any]:
        """An object or a list as kubectl's JSON."""
        answer: dict[str, Any] = json.loads(self.run("kubectl", "get", *what, "-o", "json"))
        return answer

    def apply(self, manifest: str) -> None:
        self.run("kubectl", "apply", "--server-side", "-f", "-", text=manifest)

    def secret(self, namespace: str, name: str, key: str) -> str:
        text: str = self.get("secret", name, "-n", namespace)["data"][key]
        return base64.b64decode(text).decode()

    def install(self, repository: str, tag: str, namespace: str, *settings: str, patience: int = 600) -> None:
        """Install or upgrade the chart, and wait until it is ready (at most `patience` seconds)."""
        values = [f"image.repository={repository}", f"image.tag={tag}", *settings]
        chart = ["helm", "upgrade", "--install", "flower-operator", "charts/flower-operator"]
        place = ["--namespace", namespace, "--create-namespace", "--wait", "--timeout", f"{patience}s"]
        self.run(*chart, *place, *[part for value in values for part in ("--set", value)])
