"""A Celery application whose workers hand nothing back themselves. Its broker is in the environment."""

import os

from celery import Celery

app = Celery("patient", broker=os.environ["TESTS_BROKER_URL"])
app.conf.broker_transport_options = {"visibility_timeout": 100 * 365 * 86400}
