"""The demo on a Kubernetes cluster: image, chart, two namespaces, three addresses."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

from e2e.kubernetes import Kubernetes, tool

CLUSTER = "flower-operator"
IMAGE = "flower-operator"
DEMO_IMAGE = "flower-operator-demo:dev"
NAMESPACE = "flower-operator"
FLEET_PORT = 30080
MONITORS = [("team-orders", "orders", 30081), ("team-media", "media", 30082)]
PATIENCE = 300  # seconds for the first pods to start on two cores


def say(text: str) -> None:
    print(f"demo: {text}", file=sys.stderr, flush=True)


def up() -> str:
    """Bring everything up and return what to tell the person; raises NoCluster where there can be none."""
    started = time.monotonic()
    kubernetes = Kubernetes(CLUSTER)
    tag = bring_up(kubernetes)
    say("installing the chart")
    fleet = ["fleet.service.type=NodePort", f"fleet.service.nodePort={FLEET_PORT}"]
    kubernetes.install(IMAGE, tag, NAMESPACE, *fleet, patience=PATIENCE)
    say("applying two teams' apps and their FlowerMonitors")
    for namespace, _, _ in MONITORS:
        kubernetes.run("kubectl", "apply", "--server-side", "-f", f"examples/demo/{namespace}.yaml")
    for namespace, name, _ in MONITORS:
        say(f"waiting for the FlowerMonitor {namespace}/{name} to be Ready")
        wait = ["wait", "--for=condition=Ready", f"flowermonitor/{name}", f"--timeout={PATIENCE}s"]
        kubernetes.run("kubectl", "-n", namespace, *wait)
    return message(kubernetes, time.monotonic() - started)


def bring_up(kubernetes: Kubernetes, workers: int = 0) -> str:
    """Make the cluster with both images in its nodes, and return the tag of ours, which names its content.

    `workers`: nodes beside the control plane; without any, that one runs the pods.

    The images are built beside the cluster: each waits for the network and the disk more than for a processor.
    """
    demo = ["--file", "examples/demo/Dockerfile", "--context", "examples/demo", DEMO_IMAGE]
    with ThreadPoolExecutor() as pool:
        cluster = pool.submit(kubernetes.tool, "up", f"--workers={workers}")
        image = pool.submit(tool, "build", IMAGE)
        others = pool.submit(tool, "build", *demo)
    cluster.result()
    others.result()
    kubernetes.connect()
    kubernetes.tool("load", image.result(), DEMO_IMAGE)
    return image.result().rpartition(":")[2]


def message(kubernetes: Kubernetes, seconds: float) -> str:
    """What the person needs: addresses, credentials, what to try next."""
    rows = [("fleet", FLEET_PORT, NAMESPACE, "flower-operator-fleet")]
    rows += [(f"{namespace}/{name}", port, namespace, f"{name}-credentials") for namespace, name, port in MONITORS]
    lines = [kubernetes.run("kubectl", "get", "flowermonitors", "-A").rstrip(), ""]
    for title, port, namespace, secret in rows:
        user, password = (kubernetes.secret(namespace, secret, key) for key in ("username", "password"))
        lines.append(f"  {title:<20} http://{kubernetes.address}:{port}/   user {user}   password {password}")
    return "\n".join(
        [
            *lines,
            "",
            f"  kubectl:  export KUBECONFIG={kubernetes.kubeconfig} PATH={kubernetes.programs}:$PATH",
            f"  It stays up until `make demo-down`. Took {seconds:.0f} s.",
        ]
    )


def down() -> None:
    """Remove the cluster and all that came with it."""
    Kubernetes(CLUSTER).tool("down")
