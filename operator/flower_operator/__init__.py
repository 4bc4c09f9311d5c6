"""The control plane: FlowerMonitor resources to monitor Deployments, and the fleet view of them all."""

__version__ = "0.1.0"
