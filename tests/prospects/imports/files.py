"""Files for the import tests: written among the uploads, declared, imported."""

from dataclasses import asdict
from datetime import UTC, datetime

from prospects.imports import running, uploads
from prospects.imports.columns import guess, guess_from_cells
from prospects.imports.declaration import Declaration
from prospects.imports.extra_columns import guess_extras
from prospects.imports.reading import understand
from prospects.models import Import, ImportRow

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)


def upload(content, *, kind="contacts", columns=None, lines=None, **declared):
    """An import of this content, declared as collected on paper unless told otherwise, ready to start."""
    data = content if isinstance(content, bytes) else content.encode()
    name, sha256 = uploads.keep([data])
    file_format, names, first = understand(uploads.folder() / name)
    if columns is None:
        columns = guess(names) if file_format.has_header else guess_from_cells(first[0].cells)
        columns |= guess_extras(names, columns)
    declaration = Declaration(**{"source": "paper", "collected_by": "Shop", **declared})
    declaration.check(kind, columns)
    return Import.objects.create(
        kind=kind,
        file_name="people.csv",
        upload=name,
        sha256=sha256,
        file_format=asdict(file_format),
        columns=columns,
        declaration=declaration.as_json(),
        lines=data.count(b"\n") if lines is None else lines,
    )


def bring_in(content, *, at=NOW, **options):
    """Import this content to its end."""
    run = upload(content, **options)
    running.start(run, at=at)
    running.finish(run)
    return run


def outcomes(run):
    """What became of each line, in order: the outcome, or the reason of a refusal."""
    return [row.reason or row.outcome for row in ImportRow.objects.filter(import_id=run.pk).order_by("line")]
