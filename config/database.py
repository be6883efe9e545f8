"""PostgreSQL features that migrations share."""

from typing import Literal

from django.db.migrations.operations import RunSQL

Action = Literal["CASCADE", "SET NULL", "RESTRICT"]

_ON_DELETE = """
DO $do$
DECLARE foreign_key text;
BEGIN
    SELECT conname INTO STRICT foreign_key FROM pg_constraint
    WHERE contype = 'f' AND conrelid = '{table}'::regclass AND conkey = ARRAY[(
        SELECT attnum FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attname = '{column}')];
    EXECUTE format(
        'ALTER TABLE {table} DROP CONSTRAINT %1$I, ADD CONSTRAINT %1$I FOREIGN KEY ({column})
         REFERENCES {referenced} ON DELETE {action} DEFERRABLE INITIALLY DEFERRED', foreign_key);
END $do$;
"""


def on_delete(table: str, column: str, referenced: str, action: Action) -> RunSQL:
    """Let the database itself follow a deletion, so that a lower app erases set-based without knowing the upper ones.

    Goes into the migration after the one that creates the foreign key: Django adds constraints at a migration's end.
    """
    names = {"table": table, "column": column, "referenced": referenced}
    return RunSQL(
        _ON_DELETE.format(**names, action=action),
        reverse_sql=_ON_DELETE.format(**names, action="NO ACTION"),
    )
