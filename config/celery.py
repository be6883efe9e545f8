"""The Celery application: tasks are nudges, the database is the queue."""

from celery import Celery

from config.settings import choose_settings

choose_settings()

app = Celery("loyal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
