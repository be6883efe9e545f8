"""A list as a file. PostgreSQL writes its rows, one after the other: memory stays the same however long it is."""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import xlsxwriter
from django.db import connection
from psycopg.sql import SQL, Composed, Identifier, Literal

from prospects.exports.listings import Chosen, Listing
from prospects.models import Export

# What a spreadsheet would run as a formula keeps an apostrophe before it; imports read past it again.
_SAFE = SQL("CASE WHEN left({cell}, 1) IN ('=', '+', '-', '@', E'\\t', E'\\r') THEN '''' || {cell} ELSE {cell} END")
_LONGEST_SHEET = 1_048_576 - 1
_IN_MEMORY = 1 << 20


def csv_lines(listing: Listing, export: Export, chosen: Chosen) -> Iterator[bytes]:
    """Give the file in pieces, for French spreadsheets: UTF-8 with its mark, semicolons. Notes how many rows it had."""
    cells = [SQL("{}::text").format(name) for name in _names(listing)]
    safe = SQL(", ").join(_SAFE.format(cell=cell) for cell in cells)
    headings = SQL(", ").join(Literal(str(heading)) for heading in listing.columns)
    copy = "COPY ({}) TO STDOUT (FORMAT csv, DELIMITER ';')"
    yield b"\xef\xbb\xbf"
    with connection.cursor() as cursor:
        with cursor.copy(SQL(copy).format(SQL("SELECT {}").format(headings))) as pieces:
            yield from map(bytes, pieces)
        with cursor.copy(SQL(copy).format(_rows(listing, export, chosen, safe))) as pieces:
            yield from map(bytes, pieces)
        _note(export, cursor.rowcount)


def workbook(listing: Listing, export: Export, chosen: Chosen) -> IO[bytes]:
    """Give an Excel file, on disk beyond a megabyte; what does not fit on a sheet goes on the next."""
    file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - whoever sends it closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    cells = SQL(", ").join(SQL("{}::text").format(name) for name in _names(listing))
    headings = [str(heading) for heading in listing.columns]
    rows = 0
    with xlsxwriter.Workbook(file, options) as book, connection.cursor() as cursor:
        bold = book.add_format({"bold": True})
        sheet: Any = None
        with cursor.copy(SQL("COPY ({}) TO STDOUT").format(_rows(listing, export, chosen, cells))) as pieces:
            pieces.set_types(["text"] * len(headings))
            for row in pieces.rows():
                if rows % _LONGEST_SHEET == 0:
                    sheet = _sheet(book, headings, bold)
                for place, cell in enumerate(row):
                    if cell is not None:
                        sheet.write_string(rows % _LONGEST_SHEET + 1, place, cell)
                rows += 1
        if sheet is None:
            _sheet(book, headings, bold)
    _note(export, rows)
    file.seek(0)
    return file


def _sheet(book: Any, headings: list[str], bold: Any) -> Any:
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, headings, bold)
    sheet.freeze_panes(1, 0)
    return sheet


def _names(listing: Listing) -> list[Identifier]:
    return [Identifier(f"column_{place}") for place, _heading in enumerate(listing.columns)]


def _rows(listing: Listing, export: Export, chosen: Chosen, cells: Composed) -> Composed:
    return SQL("SELECT {cells} FROM ({rows}) AS listing ({names})").format(
        cells=cells, rows=listing.statement(export, chosen), names=SQL(", ").join(_names(listing))
    )


def _note(export: Export, rows: int) -> None:
    export.rows = rows
    export.save(update_fields=["rows"])
