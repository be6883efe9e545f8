"""People who were silent for long, and the moment at which they are judged."""

from datetime import UTC, datetime, timedelta
from typing import Any

from consent.law.days import PARIS
from prospects.models import ContactDetail
from tests.factories import make_detail

AT = datetime(2026, 11, 24, 3, tzinfo=UTC)
LONG_AGO = datetime(2023, 6, 1, 12, tzinfo=UTC)
LATELY = AT - timedelta(days=40)


def paris(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=PARIS)  # type: ignore[misc]


def silent(address: str = "", **fields: Any) -> ContactDetail:
    return make_detail(address, source={"collected_at": LONG_AGO, "informed": True}, **fields)


def remaining() -> set[int]:
    return set(ContactDetail.objects.values_list("pk", flat=True))
