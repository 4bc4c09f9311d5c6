"""What others ask of /metrics: the queries of their dashboards and alerts, as data, some of them shortened."""

from itertools import product

#: Flower's own alerts and dashboard (mher/flower: examples/prometheus-alerts.yaml,
#: examples/celery-monitoring-grafana-dashboard.json, grafana/), in which older names of its metrics are left out.
FLOWER = (
    "flower_worker_online == 0",
    'count(flower_events_total{type="task-failed"}) by (task) / (count(flower_events_total{type="task-succeeded"}) '
    'by (task) + count(flower_events_total{type="task-failed"}) by (task)) * 100',
    "flower_worker_number_of_currently_executing_tasks",
    "sum(avg_over_time(flower_task_prefetch_time_seconds[15m])) by (task, worker)",
    "sum(flower_worker_prefetched_tasks) by (task, worker)",
    '(sum(avg_over_time(flower_events_total{type="task-succeeded"}[15m])) by (task) / '
    'sum(avg_over_time(flower_events_total{type=~"task-failed|task-succeeded"}[15m])) by (task)) * 100',
    "rate(flower_task_runtime_seconds_sum[5m]) / rate(flower_task_runtime_seconds_count[5m])",
    "histogram_quantile(0.95, sum(rate(flower_task_runtime_seconds_bucket[5m])) by (le, task))",
)

#: Datadog's Celery check: the families it reads and its names for them (DataDog/integrations-core:
#: celery/datadog_checks/celery/metrics.py). Of counters and histograms it makes `.count`, `.bucket` and `.sum`.
DATADOG_NAMES = {
    "events.created": "flower_events_created",
    "events.count": "flower_events_total",
    "task.runtime.seconds.bucket": "flower_task_runtime_seconds_bucket",
    "task.runtime.seconds.count": "flower_task_runtime_seconds_count",
    "task.runtime.seconds.sum": "flower_task_runtime_seconds_sum",
    "task.runtime.created": "flower_task_runtime_seconds_created",
    "task.prefetch_time.seconds": "flower_task_prefetch_time_seconds",
    "worker.prefetched_tasks": "flower_worker_prefetched_tasks",
    "worker.online": "flower_worker_online",
    "worker.executing_tasks": "flower_worker_number_of_currently_executing_tasks",
}

#: Its dashboard and monitors (celery/assets/dashboards/celery_overview.json, celery/assets/monitors/*.json), and one
#: query for each other name of its metadata.csv.
DATADOG = (
    "avg:celery.flower.worker.online{$worker, $host, $endpoint} by {worker}",
    "sum:celery.flower.events.count{$task,$endpoint} by {worker,task,type}.as_count()",
    "sum:celery.flower.task.prefetch_time.seconds{$task,$endpoint} by {worker,task}",
    "sum:celery.flower.worker.prefetched_tasks{$task,$endpoint} by {worker,task}",
    "sum:celery.flower.worker.executing_tasks{$task,$endpoint} by {worker}",
    "sum:celery.flower.events.created{$task,$endpoint} by {worker,task}",
    "min(last_5m):sum:celery.flower.worker.online{*} by {host,endpoint} <= 0",
    "min(last_5m):avg:celery.flower.worker.executing_tasks{*} by {worker,endpoint} <= 0",
    "sum:celery.flower.task.runtime.created{*} by {worker,task}",
    "sum:celery.flower.task.runtime.seconds.bucket{*} by {worker,task}",
    "sum:celery.flower.task.runtime.seconds.count{*} by {worker,task}",
    "sum:celery.flower.task.runtime.seconds.sum{*} by {worker,task}",
)

_STATES = ("failed", "succeeded", "sent", "received", "retried", "revoked", "rejected")
_QUANTILES = ("0.50", "0.95", "0.99")
_JOB = 'namespace="$namespace", job="$job"'
_QUEUE = f'{_JOB}, queue_name=~"$queue_name"'
_TASK = f'{_QUEUE}, name=~"$task"'

#: celery-exporter's mixin (danihodovic/celery-exporter: celery-mixin/dashboards/celery-tasks-overview.libsonnet) and so
#: Grafana's dashboard 17509, in the forms of 2022 to 2026.
OVERVIEW = (
    "label_values(celery_worker_up, namespace)",
    f"label_values(celery_worker_up{{{_JOB}}}, job)",
    f'label_values(celery_task_received_total{{{_JOB}, name!~"None"}}, queue_name)',
    f"count(celery_worker_up{{{_JOB}}} == 1)",
    f"sum(celery_worker_tasks_active{{{_JOB}}})",
    f"sum(celery_queue_length{{{_QUEUE}}}) by (job, queue_name)",
    f"count(group by (queue_name) (celery_queue_length{{{_QUEUE}}}))",
    *(f"sum(round(increase(celery_task_{state}_total{{{_QUEUE}}}[1w])))" for state in _STATES),
    *(f"sum(round(increase(celery_task_{state}_total{{{_QUEUE}}}[$__range]))) by (job) > 0" for state in _STATES),
    *(f"sum(rate(celery_task_{state}_total{{{_QUEUE}}}[$__rate_interval]))" for state in _STATES),
    f"sum(rate(celery_task_runtime_sum{{{_QUEUE}}}[1w])) by (name) / "
    f"sum(rate(celery_task_runtime_count{{{_QUEUE}}}[1w])) by (name) > 0",
    f"round(sum(increase(celery_task_failed_total{{{_QUEUE}}}[1w]) > 0) by (job, name))",
    f"round(sum(increase(celery_task_failed_total{{{_QUEUE}}}[1w])) by (job, exception) > 0)",
    f"topk(10, sum(rate(celery_task_received_total{{{_QUEUE}}}[1h])) by (name))",
    f"topk(10, sum(rate(celery_task_received_total{{{_QUEUE}}}[1h])) by (queue_name))",
    f"round(sum(increase(celery_task_failed_total{{{_QUEUE}}}[24h])) by (job, name, exception)) > 0",
    f"sum(rate(celery_task_succeeded_total{{{_QUEUE}}}[24h])) by (job, name) and on (job, name) "
    f"(topk(40, sum(rate(celery_task_received_total{{{_QUEUE}}}[24h])) by (job, name)))",
    *(
        f"histogram_quantile({quantile}, sum(irate(celery_task_{name}_bucket{{{_QUEUE}}}[$__rate_interval]) > 0) "
        "by (job, le))"
        for quantile, name in product(_QUANTILES, ("runtime", "queue_wait_time"))
    ),
)

#: The same mixin: celery-tasks-by-task.libsonnet, and so Grafana's dashboard 17508.
BY_TASK = (
    f"label_values(celery_worker_up{{{_JOB}}}, job)",
    f'label_values(celery_task_received_total{{{_JOB}, name!~"None"}}, queue_name)',
    f'label_values(celery_task_sent_total{{{_JOB}, name!~"None"}}, name)',
    f'label_values(celery_task_received_total{{{_JOB}, queue_name=~"$queue_name", name!~"None"}}, name)',
    f"sum(round(increase(celery_task_succeeded_total{{{_TASK}}}[$__range]))) by (name) / "
    f"(sum(round(increase(celery_task_succeeded_total{{{_TASK}}}[$__range]))) by (name) + "
    f"sum(round(increase(celery_task_failed_total{{{_TASK}}}[$__range]))) by (name)) > -1",
    *(f"sum(round(increase(celery_task_{state}_total{{{_TASK}}}[$__range]))) by (name) > 0" for state in _STATES),
    *(f"sum(round(increase(celery_task_{state}_total{{{_TASK}}}[$__rate_interval]))) by (name)" for state in _STATES),
    f"round(sum(increase(celery_task_failed_total{{{_TASK}}}[$__range])) by (name, exception) > 0)",
    *(
        f"histogram_quantile({quantile}, sum(irate(celery_task_runtime_bucket{{{_TASK}}}[$__rate_interval]) > 0) "
        "by (name, job, le))"
        for quantile in (*_QUANTILES, "0.999")
    ),
)

_ALERTED = '{job=~".*celery.*", queue_name!~"None", name!~"None"}'

#: The mixin's alerts: celery-mixin/alerts/alerts.libsonnet.
ALERTS = (
    f"sum(increase(celery_task_failed_total{_ALERTED}[10m])) by (job, namespace, queue_name, name) / "
    f"(sum(increase(celery_task_failed_total{_ALERTED}[10m])) by (job, namespace, queue_name, name) + "
    f"sum(increase(celery_task_succeeded_total{_ALERTED}[10m])) by (job, namespace, queue_name, name)) * 100 > 5",
    'sum(celery_queue_length{job=~".*celery.*", queue_name!~"None"}) by (job, namespace, queue_name) > 100',
    'celery_worker_up{job=~".*celery.*"} == 0',
)

#: OvalMoney/celery-exporter's dashboard/celery.json, as far as it asks for the families of the set `tasks`.
TASKS = (
    *(
        'sum(rate(celery_tasks_total{namespace=~"^$Namespace$",name=~"^$Name$",state=~"^$State$"}[$Interval])) '
        f"by ({labels})"
        for labels in ("state", "name,state")
    ),
    'sum(rate(celery_tasks_runtime_seconds_bucket{namespace=~"^$Namespace$",name=~"^$Name$"}[$Interval])) by (le)',
    'sum(avg_over_time(celery_workers{namespace=~"^$Namespace$"}[$Interval]))',
    "label_values(celery_tasks_total,namespace)",
    "label_values(celery_tasks_total,queue)",
)

#: Those of Prometheus and Grafana by who asks.
PROMQL = {
    "flower": FLOWER,
    "grafana 17509": OVERVIEW,
    "grafana 17508": BY_TASK,
    "celery-exporter's alerts": ALERTS,
    "celery_tasks_total": TASKS,
}
