import hashlib
import json
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from consent.law import SourceKind
from consent.models import Notice, Purpose
from consent.vocabulary import Channel
from prospects.forbidden_sources import ForbiddenSource, count_refusals
from prospects.imports import extra_columns, running, uploads
from prospects.imports.columns import Field
from prospects.imports.declaration import ConsentColumns, Declaration
from prospects.imports.reasons import in_words
from prospects.imports.refused_rows import refused_rows
from prospects.imports.starting import look_into, receive
from prospects.models import Import, Prospect, Source

DONE, FAILED, NOT_ACCEPTED, ROWS_REFUSED, STOPPED = 0, 1, 2, 3, 130


class Command(BaseCommand):
    help = """Import contacts, purchases, contracts, interactions or objections from a CSV file or a workbook.

    Ends with 0 when every row came in, 3 when some were refused, 2 when the whole file is refused and nothing came in,
    130 when stopped by hand and 1 when something failed: then --resume goes on where it stopped.
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="CSV (any encoding and delimiter) or XLSX")
        parser.add_argument("--kind", choices=Import.Kind.values, default=Import.Kind.CONTACTS)
        parser.add_argument(
            "--source", choices=[*Source.Kind.values, SourceKind.PUBLIC_WEB], help="where they come from"
        )
        parser.add_argument("--collected-by", default="", metavar="WHO")
        parser.add_argument(
            "--collected-on", default="", metavar="DATE|COLUMN", help="when the people gave the details"
        )
        parser.add_argument("--place", default="", help="form, page, shop or fair")
        parser.add_argument("--partner", default="", help="the partner's name, for --source partner")
        parser.add_argument("--notice", metavar="CODE:VERSION", help="the notice that the people were shown")
        parser.add_argument(
            "--evidence", type=Path, metavar="FILE", help="what proves the collection of the whole file"
        )
        parser.add_argument("--professionals", action="store_true", help="the people are professionals")
        parser.add_argument("--month-first", action="store_true", help="days are written month/day/year")
        parser.add_argument(
            "--column", action="append", default=[], metavar="FIELD=COLUMN", help="say what a column holds"
        )
        for name, what in (("purpose", "P"), ("consent-column", "C"), ("consent-channel", "CHANNEL")):
            parser.add_argument(f"--{name}", action="append", default=[], metavar=what)
        for name in ("consent-how-column", "consent-wording-column"):
            parser.add_argument(f"--{name}", action="append", default=[], metavar="C")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
        parser.add_argument("--resume", type=int, metavar="IMPORT", help="go on with an import that was stopped")
        parser.add_argument(
            "--refused-rows", type=Path, metavar="FILE", help="write the refused rows there, with reasons"
        )
        parser.add_argument("--json", action="store_true", help="report as JSON")

    def handle(self, **options: Any) -> None:
        run = self._resumed(options["resume"]) if options["resume"] else self._declared(options)
        began = time.monotonic()
        done = running.lines_done(run)
        with tqdm(total=run.lines, initial=done, unit=" rows", disable=options["json"], file=self.stderr) as bar:
            progress = lambda lines: bar.update(lines - bar.n)  # noqa: E731 - one line of glue
            if options["dry_run"]:
                figures = running.check(run, at=timezone.now(), progress=progress)
            else:
                figures = self._finish(run, progress)
        seconds = time.monotonic() - began
        if options["refused_rows"] and not options["dry_run"]:
            with options["refused_rows"].open("w", encoding="utf-8", newline="") as file:
                file.writelines(refused_rows(run))
        self._report(run, figures, (run.lines - done) / seconds, options)
        if options["dry_run"]:
            Import.objects.filter(pk=run.pk).update(status=Import.Status.CHECKED, check_figures=figures)
        if figures["outcomes"].get("refused"):
            sys.exit(ROWS_REFUSED)

    def _finish(self, run: Import, progress: running.Progress) -> dict[str, Any]:
        advice = _("Import № %(id)s can go on with --resume %(id)s, or be taken back with undo_import %(id)s.")
        try:
            return running.finish(run, progress=progress)
        except running.AlreadyAtWork:
            raise CommandError(_("This import is being worked on, or has ended."), returncode=NOT_ACCEPTED) from None
        except KeyboardInterrupt:
            Import.objects.filter(pk=run.pk).update(status=Import.Status.STOPPED)
            raise CommandError(advice % {"id": run.pk}, returncode=STOPPED) from None
        except Exception as error:
            Import.objects.filter(pk=run.pk).update(status=Import.Status.FAILED, problem=type(error).__name__)
            self.stderr.write(advice % {"id": run.pk})
            raise

    def _resumed(self, pk: int) -> Import:
        try:
            return Import.objects.get(pk=pk, started_at__isnull=False)
        except Import.DoesNotExist:
            raise CommandError(_("There is no such import."), returncode=NOT_ACCEPTED) from None

    def _declared(self, options: dict[str, Any]) -> Import:
        """Make an import of the file and of what the options declare; a file that is refused leaves no trace."""
        if not options["file"] or not (options["source"] or options["kind"] == Import.Kind.OBJECTIONS):
            raise CommandError(_("Give a file and its --source."), returncode=NOT_ACCEPTED)
        try:
            with options["file"].open("rb") as file:
                run = receive(
                    iter(lambda: file.read(1 << 20), b""),
                    file_name=str(options["file"]),
                    kind=options["kind"],
                    in_background=False,
                )
        except (OSError, ValidationError) as error:
            raise CommandError(_sentences(error), returncode=NOT_ACCEPTED) from error
        try:
            self._declare(run, options)
        except (ValidationError, Notice.DoesNotExist, Purpose.DoesNotExist) as error:
            if isinstance(error, ForbiddenSource):
                count_refusals("import", at=timezone.now(), count=run.lines)
            uploads.forget(run)
            raise CommandError(_sentences(error), returncode=NOT_ACCEPTED) from error
        if not options["dry_run"]:
            running.start(run, at=timezone.now())
        return run

    def _declare(self, run: Import, options: dict[str, Any]) -> None:
        _format, headings, _rows = look_into(run)
        extras = dict(extra_columns.choices()) if options["column"] else {}
        for pair in options["column"]:
            field, _equals, heading = pair.partition("=")
            if field not in Field.values and field not in extras:
                raise ValidationError(_("There is no field “%(name)s”."), params={"name": field})
            run.columns[field] = _place(headings, heading)
        day = options["collected_on"]
        if day in headings:
            run.columns[Field.COLLECTED_ON.value] = headings.index(day)
            day = ""
        declaration = Declaration(
            source=options["source"] or Source.Kind.UNKNOWN,
            collected_by=options["collected_by"],
            collected_on=day,
            place=options["place"],
            partner=options["partner"],
            notice_id=_notice(options["notice"]),
            evidence=_evidence(options["evidence"]),
            consents=tuple(_consents(options, headings)),
            person=Prospect.Kind.PROFESSIONAL if options["professionals"] else Prospect.Kind.INDIVIDUAL,
            month_first=options["month_first"],
        )
        declaration.check(run.kind, run.columns)
        run.declaration = declaration.as_json()
        run.save(update_fields=["columns", "declaration"])

    def _report(self, run: Import, figures: dict[str, Any], rows_per_second: float, options: dict[str, Any]) -> None:
        if options["json"]:
            report = {
                "import": run.pk,
                "dry_run": options["dry_run"],
                **figures,
                "rows_per_second": round(rows_per_second),
            }
            self.stdout.write(json.dumps(report))
            return
        for outcome, count in figures["outcomes"].items():
            self.stdout.write(f"{count:>10,} {outcome}")
        for reason, count in figures["reasons"].items():
            self.stdout.write(f"{count:>14,} {in_words(reason)}")
        self.stdout.write(
            _("Import № %(id)s, %(speed)s rows a second.") % {"id": run.pk, "speed": f"{rows_per_second:,.0f}"}
        )


def _sentences(error: Exception) -> str:
    return "\n".join(error.messages) if isinstance(error, ValidationError) else str(error)


def _place(headings: list[str], heading: str) -> int:
    """A column by its heading, or by its number from 1."""
    if heading in headings:
        return headings.index(heading)
    if heading.isdecimal() and 0 < int(heading) <= len(headings):
        return int(heading) - 1
    raise ValidationError(_("There is no column “%(name)s”."), params={"name": heading})


def _notice(code_and_version: str | None) -> int | None:
    if not code_and_version:
        return None
    code, _colon, version = code_and_version.partition(":")
    return Notice.objects.published().get(code=code, version=version or 1).pk


def _evidence(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    with path.open("rb") as file:
        return {"file": path.name, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def _consents(options: dict[str, Any], headings: list[str]) -> list[ConsentColumns]:
    """One consent for each --purpose, with the --consent-column and its companions in the same order."""
    purposes = options["purpose"]
    if len(options["consent_column"]) != len(purposes) or len(options["consent_how_column"]) != len(purposes):
        raise ValidationError(_("Each --purpose needs its --consent-column and its --consent-how-column."))
    consents = []
    for number, slug in enumerate(purposes):
        wordings, channels = options["consent_wording_column"], options["consent_channel"]
        channel = channels[number] if number < len(channels) else Channel.EMAIL.value
        if channel not in Channel.values:
            raise ValidationError(_("There is no channel “%(name)s”."), params={"name": channel})
        consents.append(
            ConsentColumns(
                Purpose.objects.get(slug=slug).pk,
                channel,
                on=_place(headings, options["consent_column"][number]),
                how=_place(headings, options["consent_how_column"][number]),
                wording=_place(headings, wordings[number]) if number < len(wordings) else None,
            )
        )
    return consents
