"""The files that people bring: kept apart under a drawn name, and erased 30 days after their import."""

import hashlib
import secrets
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from prospects.models import Import, ImportRow

KEPT = timedelta(days=30)

# Whoever was merged into another lives on there, and the row that says so goes with that person.
_OF_THE_ERASED = """
SELECT id FROM unnest(%(kept)s::bigint[]) AS id
WHERE EXISTS (
    SELECT FROM prospects_importrow AS line
    WHERE line.import_id = id AND line.prospect_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM prospects_prospect AS prospect WHERE prospect.id = line.prospect_id)
        AND NOT EXISTS (SELECT FROM prospects_mergedrecord AS merged WHERE merged.number = line.prospect_id))
"""
# Refused lines made nobody: they are known by their text.
_NAMING = """
SELECT id FROM unnest(%(kept)s::bigint[]) AS id
WHERE EXISTS (
    SELECT FROM prospects_importrow AS line, unnest(line.cells) AS cell
    WHERE line.import_id = id AND line.cells IS NOT NULL AND line.outcome = 'refused'
        AND lower(btrim(cell)) = ANY(%(addresses)s::text[]))
"""


def folder() -> Path:
    """Where uploads are; on several machines, a folder that they share."""
    folder: Path = settings.UPLOADS_DIR
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def keep(chunks: Iterable[bytes]) -> tuple[str, str]:
    """Write a file among the uploads; return its name there and its SHA-256."""
    name = secrets.token_hex(16)
    digest = hashlib.sha256()
    with (folder() / name).open("xb") as file:
        for chunk in chunks:
            digest.update(chunk)
            file.write(chunk)
    return name, digest.hexdigest()


def path_of(run: Import) -> Path:
    return folder() / run.upload


def forget(run: Import) -> None:
    """Drop an import that never began, and its file."""
    path_of(run).unlink(missing_ok=True)
    run.delete()


def erase_old_uploads(*, at: datetime) -> int:
    """Erase the files brought 30 days ago or earlier, with what the reports hold of refused rows and known values.

    An import that is still running keeps its file until it ends. Afterwards an import can no longer be undone.
    """
    old = (
        Import.objects.annotate(since=Coalesce(F("finished_at"), F("uploaded_at")))
        .filter(since__lte=at - KEPT)
        .exclude(upload="")
        .exclude(status__in=[Import.Status.RUNNING, Import.Status.UNDOING])
    )
    return sum(map(_erase, old))


def erase_uploads_naming(addresses: Collection[str]) -> int:
    """Erase likewise the files with a refused line that names one of these addresses."""
    return _erase_found(_NAMING, sorted(addresses))


def erase_uploads_of_the_erased() -> int:
    """Erase likewise the files with a line of somebody who is no more; an import under way keeps its own for now."""
    return _erase_found(_OF_THE_ERASED, [])


def _erase_found(query: str, addresses: list[str]) -> int:
    kept = list(Import.objects.exclude(upload="").exclude(status__in=[Import.Status.RUNNING, Import.Status.UNDOING]))
    if not kept:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(query, {"kept": [run.pk for run in kept], "addresses": addresses})
        found = {pk for (pk,) in cursor.fetchall()}
    return sum(_erase(run) for run in kept if run.pk in found)


def _erase(run: Import) -> int:
    if run.started_at is None:
        forget(run)
        return 1
    path_of(run).unlink(missing_ok=True)  # before its name is forgotten: killed in between, this is done again
    with transaction.atomic():
        ImportRow.objects.filter(import_id=run.pk, cells__isnull=False).update(cells=None)
        ImportRow.objects.filter(import_id=run.pk, gains__isnull=False).update(gains=None)
        Import.objects.filter(pk=run.pk).update(upload="", columns={}, check_figures={})
    return 1
