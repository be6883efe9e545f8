"""What a file is made of: its encoding, what separates its cells, whether its first line names them."""

import codecs
import csv
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_SAMPLE_BYTES = 256 * 1024
_DELIMITERS = ",;\t|"
_DECLARED_DELIMITER = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)  # the first line that Excel writes and obeys
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# A workbook is held whole while it is read; a larger one is asked for as CSV, which is read as a stream.
_LARGEST_WORKBOOK = 150 * 1024 * 1024


class UnreadableFile(ValidationError):
    """This file cannot be read as a table; the message says why."""


@dataclass(frozen=True, slots=True)
class FileFormat:
    """How a file is to be read. A workbook has neither encoding nor delimiter."""

    encoding: str = ""
    delimiter: str = ""
    declared_delimiter: bool = False
    has_header: bool = True

    @property
    def is_workbook(self) -> bool:
        return not self.encoding


def detect(path: Path) -> FileFormat:
    """Find out how a file is to be read. Raises UnreadableFile."""
    with path.open("rb") as file:
        beginning = file.read(_SAMPLE_BYTES)
    if not beginning.strip():
        raise UnreadableFile(_("The file is empty."))
    if beginning.startswith((_ZIP, _OLE)):
        _refuse_large_workbook(path)
        return FileFormat()
    encoding = _encoding(path, beginning)
    text = codecs.getincrementaldecoder(encoding)(errors="strict").decode(beginning)
    declared = _DECLARED_DELIMITER.match(text)
    if declared:
        return FileFormat(encoding, declared[1], declared_delimiter=True)
    return FileFormat(encoding, _delimiter(text, whole=len(beginning) < _SAMPLE_BYTES))


def _refuse_large_workbook(path: Path) -> None:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    else:
        size = path.stat().st_size
    if size > _LARGEST_WORKBOOK:
        raise UnreadableFile(_("This workbook is too large to be read at once: save it as CSV, and import that."))


def _encoding(path: Path, beginning: bytes) -> str:
    """UTF-16 shows by its mark or by its zeros; whatever is not UTF-8 throughout is Windows' Western encoding."""
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if beginning.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    pairs = len(beginning) // 2
    if pairs and beginning[1::2].count(0) > 0.4 * pairs:
        return "utf-16-le"
    if pairs and beginning[0::2].count(0) > 0.4 * pairs:
        return "utf-16-be"
    for encoding in ("utf-8", "cp1252"):
        if _decodes(path, encoding):
            return encoding
    raise UnreadableFile(_("The file is neither UTF-8, UTF-16 nor Windows text: save it as “CSV UTF-8”."))


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(text: str, *, whole: bool) -> str:
    """The candidate that cuts most records into as many cells as the first one, and into the most of them."""
    return max(_DELIMITERS, key=lambda candidate: _regularity(text, candidate, whole=whole))


def _regularity(text: str, delimiter: str, *, whole: bool) -> tuple[float, int]:
    widths = [len(cells) for cells in _parsed(text, delimiter) if cells]
    if not whole and len(widths) > 1:
        widths.pop()  # cut off in the middle
    if not widths or widths[0] == 1:
        return 0.0, 0
    return sum(width == widths[0] for width in widths) / len(widths), widths[0]


def _parsed(text: str, delimiter: str) -> Iterator[list[str]]:
    lines = iter(re.split(r"(?<=\n)|(?<=\r)(?!\n)", text))
    try:
        yield from csv.reader(lines, delimiter=delimiter)
    except csv.Error:
        return
