"""The demo on a Kubernetes cluster: image, chart, two namespaces, three addresses."""

import base64
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
IMAGE = "flower-operator"
DEMO_IMAGE = "flower-operator-demo:dev"
NAMESPACE = "flower-operator"
FLEET_PORT = 30080
MONITORS = [("team-orders", "orders", 30081), ("team-media", "media", 30082)]
NO_CLUSTER = 3  # exit code of e2e.cluster when neither an engine nor the means to make one are here
PATIENCE = 300  # seconds for images to start on two cores


class NoCluster(Exception):
    """No cluster can be had; the message is the cluster tool's own."""


def say(text: str) -> None:
    print(f"demo: {text}", file=sys.stderr, flush=True)


def cluster(*arguments: str) -> str:
    """Call the cluster tool; its progress goes to the terminal, its last line of output is the answer."""
    command = [sys.executable, "-m", "e2e.cluster", *arguments]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode == NO_CLUSTER:
        raise NoCluster("see above")
    if done.returncode:
        raise SystemExit(f"demo: `{' '.join(arguments)}` of the cluster tool failed, see above")
    return done.stdout.strip().rpartition("\n")[2]


class Kubernetes:
    """kubectl and helm against the demo's cluster."""

    def __init__(self) -> None:
        path = cluster("tools") + os.pathsep + os.environ["PATH"]
        self.environment = {**os.environ, "PATH": path, "KUBECONFIG": cluster("kubeconfig")}

    def run(self, *command: str) -> str:
        """Run a command; its standard output is returned, a failure ends the demo with what it said."""
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"demo: `{' '.join(command)}` failed:\n{done.stderr.strip()}")
        return done.stdout

    def secret(self, namespace: str, name: str, key: str) -> str:
        text = self.run("kubectl", "-n", namespace, "get", "secret", name, "-o", f"jsonpath={{.data.{key}}}")
        return base64.b64decode(text).decode()


def up() -> str:
    """Bring everything up and return what to tell the person; raises NoCluster where there can be none."""
    started = time.monotonic()
    cluster("up")
    tag = cluster("build", IMAGE).rpartition(":")[2]
    cluster("build", "--file", "examples/demo/Dockerfile", "--context", "examples/demo", DEMO_IMAGE)
    cluster("load", f"{IMAGE}:{tag}", DEMO_IMAGE)
    kubernetes = Kubernetes()
    say("installing the chart")
    install(kubernetes, tag)
    say("applying two teams' apps and their FlowerMonitors")
    for namespace, _, _ in MONITORS:
        kubernetes.run("kubectl", "apply", "--server-side", "-f", f"examples/demo/{namespace}.yaml")
    for namespace, name, _ in MONITORS:
        say(f"waiting for flowermonitor {namespace}/{name} to be Ready")
        resource = f"flowermonitor/{name}"
        kubernetes.run(
            "kubectl", "-n", namespace, "wait", "--for=condition=Ready", resource, f"--timeout={PATIENCE}s"
        )
    return message(kubernetes, cluster("address"), time.monotonic() - started)


def install(kubernetes: Kubernetes, tag: str) -> None:
    values = {
        "image.repository": IMAGE,
        "image.tag": tag,
        "fleet.service.type": "NodePort",
        "fleet.service.nodePort": str(FLEET_PORT),
    }
    settings = [part for key, value in values.items() for part in ("--set", f"{key}={value}")]
    chart = ["helm", "upgrade", "--install", "flower-operator", "charts/flower-operator"]
    place = ["--namespace", NAMESPACE, "--create-namespace", "--wait", "--timeout", f"{PATIENCE}s"]
    kubernetes.run(*chart, *place, *settings)


def message(kubernetes: Kubernetes, address: str, seconds: float) -> str:
    """What the person needs: addresses, credentials, what to try."""
    lines = [kubernetes.run("kubectl", "get", "flowermonitors", "-A").rstrip(), ""]
    rows = [("fleet", FLEET_PORT, NAMESPACE, "flower-operator-fleet")]
    rows += [
        (f"{namespace}/{name}", port, namespace, f"{name}-credentials") for namespace, name, port in MONITORS
    ]
    for title, port, namespace, secret in rows:
        user = kubernetes.secret(namespace, secret, "username")
        password = kubernetes.secret(namespace, secret, "password")
        lines.append(f"  {title:<20} http://{address}:{port}/   user {user}   password {password}")
    lines += [
        "",
        f"  kubectl:  export KUBECONFIG={kubernetes.environment['KUBECONFIG']} PATH={cluster('tools')}:$PATH",
        f"  It stays up until `make demo-down`. Took {seconds:.0f} s.",
    ]
    return "\n".join(lines)


def down() -> None:
    cluster("down")
