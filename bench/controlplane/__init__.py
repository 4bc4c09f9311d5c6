"""Benchmark of the operator: a controller and a fleet over many FlowerMonitors: `python -m bench.controlplane`.

The API server is a real one (etcd, kube-apiserver, kube-controller-manager on loopback), the monitors are simulated:
`simulated` answers in the name of all, `node` says of their pods and volumes what kubelet and provisioner would.
`cold`, `warm`, `change` and `fleet` measure one thing each, `run` does all of it for one size, `report` makes the
table. docs/benchmarks.md says what is measured and how.

Not `bench.operator`: `python -m bench.operator` from inside `bench/` would shadow Python's own `operator`.
"""
