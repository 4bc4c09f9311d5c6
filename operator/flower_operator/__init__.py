"""The control plane: FlowerMonitor resources to monitor Deployments, and the fleet view of them all."""

