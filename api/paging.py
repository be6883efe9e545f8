"""Pages by cursor: the next begins after the last row seen, whatever came or went meanwhile."""

import base64
import binascii
from typing import TypeVar

from django.db.models import Model, QuerySet
from ninja import Field, Schema

from api.problems import Problem

Row = TypeVar("Row", bound=Model)


class Paging(Schema):
    """Where a page begins, and how long it is."""

    cursor: str = Field("", max_length=100, description="`next` of the page before; empty for the first page.")
    limit: int = Field(50, ge=1, le=200)


def page_of(rows: QuerySet[Row], paging: Paging) -> tuple[list[Row], str | None]:
    """Return one page, newest rows first, and the cursor of the next; None where there is none."""
    rows = rows.order_by("-pk")
    if paging.cursor:
        rows = rows.filter(pk__lt=_read(paging.cursor))
    found = list(rows[: paging.limit + 1])
    page = found[: paging.limit]
    return page, _write(page[-1].pk) if len(found) > paging.limit else None


def _write(pk: int) -> str:
    return base64.urlsafe_b64encode(str(pk).encode()).decode().rstrip("=")


def _read(cursor: str) -> int:
    try:
        number = int(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        number = -1
    if not 0 <= number < 1 << 63:
        raise Problem(400, "cursor", "This cursor is not one that an earlier page gave.")
    return number
