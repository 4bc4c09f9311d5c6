"""A durable, live, Flower-compatible monitor of one Celery broker."""

