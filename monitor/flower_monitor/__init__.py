"""A durable, live, Flower-compatible monitor of one Celery broker."""

#: Equal to the distribution's (a test says so). A constant: importlib.metadata would cost each process 20 ms.
__version__ = "0.1.0"
