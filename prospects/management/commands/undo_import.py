from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from prospects.imports.running import AlreadyAtWork
from prospects.imports.undoing import kept_lines, undo
from prospects.models import Import


class Command(BaseCommand):
    help = "Take an import back, but for what somebody acted on since. Ends with 3 where something was kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", type=int, help="the import's number")

    def handle(self, *, number: int, **_options: Any) -> None:
        try:
            run = Import.objects.get(pk=number)
            with tqdm(total=run.lines, initial=sum(run.undo_figures.values()), unit=" rows", file=self.stderr) as bar:
                figures = undo(run, progress=lambda lines: bar.update(lines - bar.n))
        except Import.DoesNotExist:
            raise CommandError(_("There is no such import."), returncode=2) from None
        except AlreadyAtWork:
            raise CommandError(_("This import is being worked on."), returncode=2) from None
        except ValidationError as error:
            raise CommandError("\n".join(error.messages), returncode=2) from None
        self.stdout.write(_("%(count)s lines were taken back.") % {"count": figures.get("undone", 0)})
        if objections := figures.get("objection"):
            self.stdout.write(_("%(count)s lines held an objection, which stays.") % {"count": objections})
        if kept := figures.get("kept"):
            lines = ", ".join(str(row.line) for row in kept_lines(run, 20)) + ("…" if kept > 20 else "")
            self.stdout.write(
                _("%(count)s lines were kept, since somebody acted on what they made: %(lines)s")
                % {"count": kept, "lines": lines}
            )
            raise SystemExit(3)
