"""`GET /metrics`: a view of the store, made when it is scraped; no worker and no broker is asked for it.

snapshot.py      what is read
flower.py        Flower's families, with its names, labels and types; prefetch.py two of them
datadog.py       what Datadog's check reads beside them
exporter.py      celery-exporter's families; looks.py those by queue
tasks.py         celery_tasks_total and celery_workers
own.py           what the monitor says of itself
histogram.py     the lines of a histogram
kept.py          what did not change since the last scrape
capping.py       no more series than --metrics-max-series
exposition.py    Prometheus's text format, and OpenMetrics
sets.py          the sets that --metrics names, put together
accept.py        which of the formats is asked for
route.py         the route

docs/metrics.md has every family; a test holds the two together.
"""
