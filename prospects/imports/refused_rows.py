"""The refused rows of an import as a file: mended, it can be imported again."""

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from prospects.imports.reasons import in_words
from prospects.imports.starting import look_into
from prospects.models import Import, ImportRow

_RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def neutralised(cell: str) -> str:
    """Keep a spreadsheet from running a cell as a formula; an import reads past the apostrophe again."""
    return f"'{cell}" if cell.startswith(_RUNS_AS_FORMULA) else cell


def refused_rows(run: Import) -> Iterator[str]:
    """Give the lines of a CSV file, for a spreadsheet: the columns as they came, with line and reason before them."""
    _file_format, headings, _first = look_into(run)
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";")
    buffer.write("\ufeff")
    writer.writerow([_("line"), _("reason"), *map(neutralised, headings)])
    rows = ImportRow.objects.filter(import_id=run.pk, outcome=ImportRow.Outcome.REFUSED).order_by("line")
    for line, reason, cells in rows.values_list("line", "reason", "cells").iterator(chunk_size=2000):
        writer.writerow([line, in_words(reason), *map(neutralised, cells or ())])
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
