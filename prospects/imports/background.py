"""An import's long steps in the background: checked, run, undone by whichever worker is free, resumed after a kill."""

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from prospects.imports import running
from prospects.imports.undoing import undo
from prospects.models import Import

Status = Import.Status
# What a worker has to do with an import in this state, until it has left it.
AT_WORK = (Status.CHECKING, Status.RUNNING, Status.UNDOING)


def begin(run: Import, step: Status) -> None:
    """Put an import into a state in which a worker has something to do, and wake one once that is saved."""
    from prospects.tasks import carry_on_import

    with transaction.atomic():
        run.status = step
        if step == Status.RUNNING and run.started_at is None:
            run.started_at = timezone.now()
        run.problem = ""
        run.save(update_fields=["status", "started_at", "problem"])
        transaction.on_commit(lambda: carry_on_import.delay(run.pk))


def carry_on(run: Import) -> None:
    """Do what is left of the step that an import is in; nothing where another worker is at it."""
    try:
        if run.status == Status.CHECKING:
            _check(run)
        elif run.status == Status.RUNNING:
            running.finish(run)
        elif run.status == Status.UNDOING:
            undo(run)
    except running.AlreadyAtWork:
        return
    except FileNotFoundError:
        problem = _("its file is not on this machine: every machine that runs workers needs the same UPLOADS_DIR")
        Import.objects.filter(pk=run.pk).update(status=Status.FAILED, problem=problem)
    except ValidationError as refused:
        Import.objects.filter(pk=run.pk).update(status=Status.FAILED, problem=" ".join(refused.messages))
    except Exception as error:
        Import.objects.filter(pk=run.pk).update(status=Status.FAILED, problem=type(error).__name__)
        raise


def carry_on_all() -> None:
    """Wake a worker for each import that has something left to do: after a kill, somebody takes it up again."""
    from prospects.tasks import carry_on_import

    for pk in Import.objects.filter(status__in=AT_WORK, in_background=True).values_list("pk", flat=True):
        carry_on_import.delay(pk)


def lines_gone_through(run: Import) -> int:
    """How far the step has come that the import is in."""
    if run.status == Status.CHECKING:
        return int(cache.get(_place(run), 0))
    if run.status == Status.UNDOING:
        return sum(run.undo_figures.values())
    return running.lines_done(run)


def _check(run: Import) -> None:
    with running.at_work(run):
        figures = running.check(
            run, at=timezone.now(), progress=lambda lines: cache.set(_place(run), lines, timeout=3600)
        )
        Import.objects.filter(pk=run.pk, status=Status.CHECKING).update(status=Status.CHECKED, check_figures=figures)


def _place(run: Import) -> str:
    return f"import:{run.pk}:checked"
