"""Django's PostgreSQL backend, which starts the embedded server at its first connection and not before."""

from typing import Any

from django.db.backends.postgresql import base

from config.embedded.start import start_embedded_services


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect, once the embedded servers run; this process then keeps them running."""
        start_embedded_services()
        return super().get_new_connection(conn_params)
