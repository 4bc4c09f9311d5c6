"""The load: event messages as Celery's workers and clients publish them, from templates, as fast as a broker takes."""
