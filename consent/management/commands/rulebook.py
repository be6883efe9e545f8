"""`manage.py rulebook`: prints the rules in force on one day, with the texts they come from."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from consent.law import Rulebook
from consent.law.days import paris_day
from consent.law.tables import document, page


class Command(BaseCommand):
    help = "Prints the matrix of the law in force on one day, with its sources, as a Markdown table."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", type=date.fromisoformat, metavar="DATE", help="The day (default: today in Paris).")
        parser.add_argument("--rulebook", choices=list(Rulebook), default=settings.PROSPECTING_RULEBOOK)
        parser.add_argument("--language", choices=["fr", "en"], default="en")
        parser.add_argument("--document", action="store_true", help="Print docs/rulebook.md, over all periods.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["document"]:
            self.stdout.write(document(), ending="")
            return
        day = options["at"] or paris_day(timezone.now())
        self.stdout.write(page(Rulebook(options["rulebook"]), day, options["language"]), ending="")
