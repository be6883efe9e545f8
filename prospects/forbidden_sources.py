"""Rule 4: details found on the public web are refused at every door, and only the refusal is counted."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext_lazy as _

from consent.law.days import paris_day

_COUNT = """
INSERT INTO prospects_sourcerefusal AS refusal (day, door, count) VALUES (%s, %s, %s)
ON CONFLICT (day, door) DO UPDATE SET count = refusal.count + excluded.count
"""


class ForbiddenSource(ValidationError):
    """These details come from the public web."""

    EXPLANATION = _(
        "Details found on the Internet are refused: you may not prospect with contact details that the person did not"
        " give you, as your customer or by agreeing to receive your messages."
    )

    def __init__(self) -> None:
        super().__init__(self.EXPLANATION, code="source_forbidden")


def count_refusals(door: str, *, at: datetime, count: int = 1) -> None:
    """Count details refused at one door, keeping nothing of them.

    On a connection of its own: the count stays although the caller's transaction is undone, as refusals make it be.
    """
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute(_COUNT, [paris_day(at), door, count])
    finally:
        own.close()
