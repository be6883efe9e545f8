"""The files that people bring: kept apart under a drawn name, and erased 30 days after their import."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from prospects.models import Import, ImportRow

KEPT = timedelta(days=30)


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
    erased = 0
    for run in old:
        with transaction.atomic():
            ImportRow.objects.filter(import_id=run.pk, cells__isnull=False).update(cells=None)
            ImportRow.objects.filter(import_id=run.pk, gains__isnull=False).update(gains=None)
            Import.objects.filter(pk=run.pk).update(upload="", columns={}, check_figures={})
        path_of(run).unlink(missing_ok=True)
        erased += 1
    return erased
