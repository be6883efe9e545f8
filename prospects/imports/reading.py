"""A file as a stream of rows, each with its line in the file; memory stays the same however long the file is."""

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple, TextIO

import python_calamine
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from prospects.imports.files import FileFormat, UnreadableFile, detect

_LONGEST_LINE = 1 << 20
_EMAIL_ALIKE = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Row(NamedTuple):
    """One row: the line where it starts, and its cells, or the code of why it cannot be read."""

    line: int
    cells: list[str]
    problem: str = ""


def open_table(path: Path, file_format: FileFormat) -> tuple[list[str], Iterator[Row]]:
    """Return the names of the columns, and the rows below them; blank rows are passed over."""
    rows = _workbook_rows(path) if file_format.is_workbook else _text_rows(path, file_format)
    filled = (row for row in rows if row.problem or any(map(str.strip, row.cells)))
    if not file_format.has_header:
        return [], filled
    try:
        return [name.strip() for name in next(filled).cells], filled
    except StopIteration:
        raise UnreadableFile(_("The file holds no row.")) from None


def understand(path: Path) -> tuple[FileFormat, list[str], list[Row]]:
    """Return how a file is read, the names of its columns and its first rows.

    A first line that holds an e-mail address is data: the columns are then numbered.
    """
    file_format = detect(path)
    names, rows = open_table(path, file_format)
    if any(_EMAIL_ALIKE.fullmatch(name) for name in names):
        file_format = replace(file_format, has_header=False)
        _names, rows = open_table(path, file_format)
        names = [_("Column %(number)s") % {"number": number} for number in range(1, len(names) + 1)]
    return file_format, names, [row for row, _place in zip(rows, range(20), strict=False)]


def _text_rows(path: Path, file_format: FileFormat) -> Iterator[Row]:
    with path.open(encoding=file_format.encoding, newline="") as file:
        lines = _lines(file)
        passed = 0
        if file_format.declared_delimiter:
            next(lines)
            passed = 1
        reader = csv.reader(lines, delimiter=file_format.delimiter)
        while True:
            line = passed + reader.line_num + 1
            try:
                yield Row(line, next(reader))
            except StopIteration:
                return
            except csv.Error:  # a quote that nothing closes, for example; the next line starts afresh
                yield Row(line, [], "unreadable")
            except UnicodeDecodeError as error:
                raise UnreadableFile(_("The text breaks off after line %(line)s.") % {"line": line}) from error


def _lines(file: TextIO) -> Iterator[str]:
    while line := file.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise UnreadableFile(_("A line is longer than a million characters: this is no table."))
        yield line


def _workbook_rows(path: Path) -> Iterator[Row]:
    try:
        sheet = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    except (python_calamine.CalamineError, OSError, IndexError) as error:
        raise UnreadableFile(_("The workbook cannot be read.")) from error
    first = sheet.start[0] + 1 if sheet.start else 1
    for line, cells in enumerate(sheet.iter_rows(), start=first):
        yield Row(line, [_text(cell) for cell in cells])


def _text(cell: object) -> str:
    """Write a workbook's cell as it would stand in a text file: whole numbers without decimals, days as 2026-11-24."""
    match cell:
        case str():
            return cell
        case bool():
            return str(int(cell))
        case float():
            return str(int(cell)) if cell.is_integer() else str(cell)
        case datetime():
            return cell.isoformat(sep=" ") if cell.time() != time() else cell.date().isoformat()
        case date() | time() | timedelta():
            return cell.isoformat() if not isinstance(cell, timedelta) else str(cell)
    return str(cell)


__all__ = ["Row", "UnreadableFile", "ValidationError", "open_table", "understand"]
