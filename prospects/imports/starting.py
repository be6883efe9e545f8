"""A file becomes an import: kept among the uploads, understood, its columns guessed."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import PurePath
from typing import Any

from prospects.imports import uploads
from prospects.imports.columns import guess, guess_from_cells
from prospects.imports.extra_columns import guess_extras
from prospects.imports.files import FileFormat
from prospects.imports.reading import Row, open_table, understand
from prospects.models import Import


def receive(chunks: Iterable[bytes], *, file_name: str, kind: str, **fields: Any) -> Import:
    """Keep a file and make an import of it, to be declared. Raises UnreadableFile, and then keeps nothing."""
    name, sha256 = uploads.keep(chunks)
    path = uploads.folder() / name
    try:
        file_format, headings, first = understand(path)
        lines = sum(1 for _row in open_table(path, file_format)[1])
    except Exception:
        path.unlink()
        raise
    columns = guess(headings) if file_format.has_header else guess_from_cells(first[0].cells)
    if file_format.has_header:
        columns |= guess_extras(headings, columns)
    return Import.objects.create(
        kind=kind,
        file_name=PurePath(file_name).name[:255],
        upload=name,
        sha256=sha256,
        file_format=asdict(file_format),
        columns=columns,
        lines=lines,
        **fields,
    )


def look_into(run: Import) -> tuple[FileFormat, list[str], list[Row]]:
    """Return how an import's file is read, its headings and its first rows."""
    return understand(uploads.path_of(run))
