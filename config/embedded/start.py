"""Start the embedded servers that the settings name."""

from django.conf import settings


def start_embedded_services() -> None:
    """Make sure that the embedded servers run, where the installation has no others."""
    if settings.EMBEDDED_SERVICES:
        settings.EMBEDDED_SERVICES.start()
