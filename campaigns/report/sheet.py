"""A report as CSV, for a spreadsheet: its tables one below the other."""

import csv
import io

from campaigns.report.content import Cell, Report, in_words
from prospects.imports.refused_rows import neutralised


def as_csv(report: Report) -> bytes:
    """Write a report as a spreadsheet of any language reads it: in UTF-8, between semicolons, without formulas."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow([neutralised(report.title)])
    for table in report.tables:
        writer.writerow([])
        writer.writerow([neutralised(table.title)])
        writer.writerow(map(_cell, table.headings))
        writer.writerows([map(_cell, row) for row in table.rows])
    return buffer.getvalue().encode("utf-8-sig")


def _cell(cell: Cell) -> str:
    """A whole number stays one that a spreadsheet counts with; words never run as a formula."""
    return str(cell) if isinstance(cell, int) else neutralised(in_words(cell))
