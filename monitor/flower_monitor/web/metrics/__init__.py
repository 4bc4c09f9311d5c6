"""`GET /metrics`: a view of the store, made when it is scraped; no worker and no broker is asked for it.

snapshot.py      what is read
flower.py        Flower's families, with its names, labels and types
kept.py          what did not change since the last scrape
own.py           what the monitor says of itself
exposition.py    Prometheus's text format
route.py         the route
"""
