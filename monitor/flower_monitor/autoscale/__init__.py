"""Scaling by what waits: numbers for KEDA and the HPA, and policies for the sizes of workers' pools.

measure.py       how much work a queue has, and what there is to do it (pure)
observatory.py   one look at all that is measured, shared; what is stale is an error and never a number
exposition.py    the same for Prometheus
policy.py        what a policy may say (pure)
policies.py      those that hold: of a file, and of the API, kept beside the store
decide.py        from what is seen to the sizes that pools should have (pure)
engine.py        decides again and again, and has it done
hooks.py         signed webhooks before and after
simulate.py      a policy against a history (pure); history.py where that comes from, plot.py how it looks

docs/autoscaling.md is for users.
"""
