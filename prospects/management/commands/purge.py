"""Erase by hand what the nightly purge would erase."""

import json
import sys
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from tqdm import tqdm

from prospects.due import Terms, count_proposed
from prospects.management.moments import moment
from prospects.models import PurgeRun
from prospects.retention import count_due, erase_silent_prospects


class Command(BaseCommand):
    help = "Erase the people and contact details that may not be kept any longer, as the nightly purge does."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--at", type=moment, metavar="T", help="as of this moment (ISO 8601; Paris time if no offset)"
        )
        parser.add_argument("--dry-run", action="store_true", help="count what would be erased, and erase nothing")
        parser.add_argument("--json", action="store_true", help="print the result as one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        at: datetime = options["at"] or now
        total = count_proposed(Terms.of(at, now=now))
        with tqdm(total=total, unit=" rows", desc="purge", disable=options["json"], file=sys.stderr) as bar:
            if options["dry_run"]:
                result = _due(count_due(at, now=now, progress=bar.update))
            else:
                result = _done(erase_silent_prospects(at, now=now, progress=bar.update))
        result = {"at": at.isoformat(), "dry_run": options["dry_run"], **result}
        if options["json"]:
            self.stdout.write(json.dumps(result))
        else:
            for name, value in result.items():
                self.stdout.write(f"{name:>20}: {value}")


def _due(causes: dict[str, int]) -> dict[str, Any]:
    return {"details": sum(causes.values()), "causes": dict(causes)}


def _done(run: PurgeRun) -> dict[str, Any]:
    assert run.finished_at is not None  # noqa: S101 - it has just finished
    return {
        "run": run.pk,
        "prospects": run.erased_prospects,
        "details": run.erased_details,
        "permissions_lapsed": run.lapsed_permissions,
        "proofs": run.erased_proofs,
        "causes": run.figures,
        "seconds": round((run.finished_at - run.started_at).total_seconds(), 3),
    }
