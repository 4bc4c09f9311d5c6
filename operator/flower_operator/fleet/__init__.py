"""The fleet: every monitor of the cluster in one API, one page and one `/metrics`.

How a number travels::

    API server --list, watch--> watch.py --+
                                           +--> roster.py --> view.py --> api.py     GET
    monitors <--poll every 5 s-- poll.py --+              |           +-> stream.py  SSE
                                                          +-------------> metrics.py

`roster.py` holds all there is to know of one cluster and nothing that can't be fetched again. `monitors.py`,
`summary.py` and `view.py` are pure. `cluster.py` puts together what knows one cluster; `others.py` follows the Secrets
that lead to other clusters, and `clusters.py` is all of them seen as one.
"""
