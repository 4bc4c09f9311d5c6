"""`kubectl flower`: see, open and examine monitors with what kubectl has: a kubeconfig and its rights.

kubectl runs any program on PATH that is called `kubectl-flower`; the wheel has one. `cluster.py` finds the cluster,
`forward.py` the way to a monitor (kubectl's own port-forward), `login.py` its credentials, `ask.py` asks it;
`doctor.py` walks the checks in `examine_*.py`.
"""
