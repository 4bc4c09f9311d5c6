"""What threads use of Celery, for the reason that `from_kombu` gives."""

from flower_monitor import from_kombu  # isort: skip - whole before Celery takes parts of it

from celery import Celery
from celery.schedules import crontab
from kombu.serialization import registry

__all__ = ["Celery", "crontab", "from_kombu", "registry"]
