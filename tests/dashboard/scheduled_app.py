"""A Celery app with a schedule for beat, which nobody runs: for the monitor's `-A`."""

from celery import Celery
from celery.schedules import crontab

app = Celery("shop", set_as_current=False)
app.conf.beat_schedule = {
    "tidy": {"task": "shop.tidy", "schedule": 3600.0},
    "report": {"task": "shop.report", "schedule": crontab(minute="30", hour="4"), "args": ("daily",)},
}
