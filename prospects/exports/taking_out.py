"""Taking a list out: first it is in the register, with its reason; then its rows leave."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from prospects.exports.listings import Chosen, Listing
from prospects.exports.writing import csv_lines, workbook
from prospects.models import Export


def take_out(
    listing: Listing, chosen: Chosen, *, format: str, why: str, recipient: str = "", by: User, at: datetime
) -> tuple[Export, Iterator[bytes]]:
    """Note the export and give its file, in pieces.

    `chosen` is what the list's own form asked; `why` and, for a list that leaves, `recipient` must not be empty.
    Raises ValueError where they are.
    """
    if not why.strip() or (listing.leaves and not recipient.strip()):
        raise ValueError("an export says what for, and a list that leaves says who receives it")
    with transaction.atomic():
        export = Export.objects.create(
            listing=listing.key,
            about=listing.about(chosen),
            format=format,
            why=why,
            recipient=recipient,
            made_at=at,
            made_by=by,
        )
        if listing.prepare is not None:
            listing.prepare(export, chosen, at)
    if export.format == Export.Format.XLSX:
        return export, workbook(listing, export, chosen)
    return export, csv_lines(listing, export, chosen)
