"""The embedded PostgreSQL and Valkey: real servers from Python wheels, started when first needed, shared, never leaked.

Asking for `services()` starts nothing: where the sockets will be follows from the folder alone. The servers start at
the first database connection (`database.base`), at the first use of the cache (`cache`) or when a Celery worker starts,
so that commands which need neither, such as `manage.py decide`, start neither.
"""

from config.embedded.failure import EmbeddedServiceError
from config.embedded.local_secrets import local_secrets
from config.embedded.places import reachable_folder
from config.embedded.ports import mail_page_port, mail_port, web_port
from config.embedded.services import Services, services

__all__ = [
    "EmbeddedServiceError",
    "Services",
    "local_secrets",
    "mail_page_port",
    "mail_port",
    "reachable_folder",
    "services",
    "web_port",
]
