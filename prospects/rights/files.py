"""The file of somebody's data: a ZIP of JSON, CSV and PDF, made as it is taken and kept nowhere."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from consent.address_keys import keys_of_normalised
from consent.models import Organisation, Scan
from prospects.models import RightsRequest
from prospects.rights.information import information
from prospects.rights.paper import write_paper
from prospects.rights.record import SECTIONS, Column, Section, Subject, rows_of

_IN_MEMORY = 1 << 20
# What a spreadsheet would run as a formula keeps an apostrophe before it, as in lists that staff take out.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def subject_of(request: RightsRequest) -> Subject:
    """Whose data a request is about: the person it found, with all their addresses, and the address that it named."""
    keys = {request.address_key}
    if request.address:
        keys.update(keys_of_normalised(request.medium, request.address))
    if request.prospect is not None:
        keys.update(request.prospect.details.values_list("address_key", flat=True))
    return Subject(request.prospect_id, sorted(keys), request.language, without_notes=request.notes_withheld)


def make_file(request: RightsRequest) -> IO[bytes]:
    """Write the whole file, on disk beyond a megabyte; whoever sends it closes it, and it is gone."""
    given = request.right == RightsRequest.Right.PORTABILITY
    subject = subject_of(request)
    sections = [section for section in SECTIONS.values() if section.given or not given]
    file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - whoever sends it closes it
    with translation.override(request.language), ZipFile(file, "w", ZIP_DEFLATED) as archive:
        with archive.open("data.json", "w") as entry:
            for piece in json_pieces(sections, subject, given=given):
                entry.write(piece.encode())
        for section in sections:
            with archive.open(f"csv/{section.key}.csv", "w") as entry:
                _write_csv(entry, section, subject, given=given)
        if not given:
            with archive.open(_("your-data.pdf"), "w", force_zip64=True) as entry:
                write_paper(entry, sections, subject)
            for scan in Scan.objects.filter(address_keys__overlap=list(subject.keys)).iterator(chunk_size=1):
                archive.writestr(f"scans/{scan.file_name}", bytes(scan.content), ZIP_STORED)
    file.seek(0)
    return file


def json_pieces(sections: Sequence[Section], subject: Subject, *, given: bool) -> Iterator[str]:
    """Give the record as JSON, piece by piece: codes and moments as programs read them."""
    organisation = Organisation.objects.current()
    about = {
        "made_at": timezone.now(),
        "controller": {
            "name": organisation.name,
            "legal_identity": organisation.legal_identity,
            "address": organisation.address,
            "contact": organisation.data_protection_contact or organisation.email,
        },
        "right": "portability" if given else "access",
        "information": [] if given else [{"title": it.title, "text": it.paragraphs} for it in information()],
    }
    yield f'{{"about": {_json(about)}'
    for section in sections:
        yield f',\n{_json(section.key)}: {{"title": {_json(str(section.title))}, "rows": ['
        names = [column.name for column in section.columns]
        first = True
        for row in rows_of(section, subject, given=given):
            values = [_read(column, value) for column, value in zip(section.columns, row, strict=True)]
            yield f"{'' if first else ','}\n{_json(dict(zip(names, values, strict=True)))}"
            first = False
        yield "]}"
    yield "}\n"


def _write_csv(entry: IO[bytes], section: Section, subject: Subject, *, given: bool) -> None:
    text = io.TextIOWrapper(entry, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";")
    writer.writerow([str(column.heading) for column in section.columns])
    for row in rows_of(section, subject, given=given):
        writer.writerow([_cell(column, value) for column, value in zip(section.columns, row, strict=True)])
    text.detach()


def _cell(column: Column, value: Any) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(" ", "seconds")
    text = str(column.words.get(str(value), "" if value is None else value))
    return f"'{text}" if text.startswith(_FORMULA) else text


def _read(column: Column, value: Any) -> Any:
    return json.loads(value) if column.is_json and isinstance(value, str) else value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(type(value).__name__)
