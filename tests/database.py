"""Give a transactional test back the database as the migrations made it."""

from collections.abc import Sequence

from django.db import connection, transaction
from psycopg import sql

# Superuser's way past the triggers that let nobody empty the evidence; foreign keys wait as well.
WITHOUT_TRIGGERS = "SET LOCAL session_replication_role = replica"


class MigratedState:
    """The rows that the migrations wrote, kept to be put back after each emptying of the tables."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            self._rows = {table: rows for table in tables if (rows := _copy_out(cursor, table))}

    def return_to(self, sql_list: Sequence[str]) -> None:
        """Empty the tables, as Django's `flush` asks, and put those rows back."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(WITHOUT_TRIGGERS)
            for statement in sql_list:
                cursor.execute(statement)
            for table, rows in self._rows.items():
                if table != "django_migrations":  # which flush leaves alone
                    copy_in = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
                    with cursor.cursor.copy(copy_in) as copy:
                        copy.write(rows)


def _copy_out(cursor: object, table: str) -> bytes:
    copy_out = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
    with cursor.cursor.copy(copy_out) as copy:  # type: ignore[attr-defined]
        return b"".join(bytes(data) for data in copy)
