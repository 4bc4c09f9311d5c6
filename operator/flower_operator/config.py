"""Settings of the controller, documented field by field. Each is an option of the command line and a variable."""

from dataclasses import dataclass

from flower_operator.resources import workload


@dataclass(frozen=True)
class ControllerConfig:
    """How the controller runs. Made by `controller/cli.py`."""

    monitor_image: str
    """Image for FlowerMonitors that name none; the chart passes the operator's own, so both upgrade together."""

    operator_namespace: str
    """Where the Lease and the fleet's Secret are: the namespace of the operator's own pod."""

    monitor_pull_secrets: tuple[str, ...] = ()
    """Secrets to pull that image with, for FlowerMonitors that name none. Each namespace must have them."""

    monitor_fs_group: int = workload.GROUP_ID
    """Group that may write the volumes of monitors; 0: the cluster gives one to each pod, as OpenShift does, whose
    restricted SCC refuses any that is not of the namespace's own range. A change restarts every monitor."""

    monitor_max_unavailable: int = 10
    """Monitors that are away at the same time at most since that image is a new one. What a person changes in a
    FlowerMonitor, or one that does not serve, is not held up."""

    namespaces: tuple[str, ...] = ()
    """Namespaces to watch; empty means all. One watch a kind and namespace, so keep the list short."""

    identity: str = ""
    """Name of this process in the Lease: the pod's name. It must differ between replicas."""

    address: str = ""
    """Address to serve probes and metrics on; empty is all interfaces, IPv4 and IPv6."""

    port: int = 8081
    """Port for /livez, /readyz and /metrics; 0 takes a free one."""

    workers: int = 10
    """Reconciles at the same time. Ten is what CloudNativePG settled on; more only crowds the API server."""

    api_rate: float = 400.0
    """Writes a second at most, over all reconciles. A new FlowerMonitor takes seven, so a first start with 1,000 takes
    16 s at least; at 200 it would be 33 s. The API server's own 429 and Retry-After are obeyed beside it."""

    verify_rate: float = 20.0
    """Settled monitors looked at again a second, at most: see `verify_after`."""

    verify_after: float = 10.0
    """Seconds until a settled monitor is looked at again, though nothing woke us. This finds changed Secrets:
    they are not watched, because RBAC would then have to let us list every Secret of the cluster. With many
    monitors `verify_rate` makes it longer."""

    secret_wait: float = 3.0
    """Seconds until we look again for a Secret that a FlowerMonitor waits for."""

    poll_interval: float = 10.0
    """Seconds between two looks at a monitor's summary (broker, workers, version)."""

    monitor_address: str = "http://{service}.{namespace}.svc:{port}"
    """How to reach a monitor. Change it where cluster DNS has other names, or outside of the cluster."""

    lease_seconds: float = 15.0
    """A leader that has not renewed for so long is replaced (15/10/2 s as controller-runtime)."""

    renew_seconds: float = 10.0
    """A leader that could not renew for so long gives up, before anybody else may take over."""

    retry_seconds: float = 2.0
    """Seconds between two attempts to take or renew the Lease."""

    log_format: str = "text"
    """`text` for people, `json` for machines."""

    def age(self, monitors: int) -> float:
        """Seconds until a settled monitor is looked at again, of so many."""
        return max(self.verify_after, monitors / self.verify_rate)
