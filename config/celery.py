"""The Celery application: tasks are nudges, the database is the queue."""

import os

from celery import Celery
from celery.signals import celeryd_init, setup_logging

from config.embedded.start import start_embedded_services
from config.settings import choose_settings

choose_settings()
# Django's checks would load every page, and all that pages need, into every worker; the site is checked elsewhere.
os.environ.setdefault("CELERY_SKIP_CHECKS", "true")

app = Celery("loyal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
def find_broker(**_worker: object) -> None:
    """Make sure that the embedded broker runs, where there is one, before the worker looks for it."""
    start_embedded_services()


@setup_logging.connect
def leave_logging_to_django(**_options: object) -> None:
    """Keep Celery from setting up logs of its own; Django has done it."""
