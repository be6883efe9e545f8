"""`manage.py receive_mail`: takes in what comes back, from standard input, a Maildir or an IMAP mailbox."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from campaigns.returns.mailboxes import read_imap, read_maildir
from campaigns.returns.take_in import take_in
from campaigns.returns.understand import understand


class Command(BaseCommand):
    help = "Takes in bounces, complaints, stops and replies: one mail on standard input, a Maildir, or an IMAP mailbox."

    def add_arguments(self, parser: CommandParser) -> None:
        source = parser.add_mutually_exclusive_group()
        source.add_argument("--maildir", type=Path, metavar="FOLDER", help="take in every new mail of a Maildir")
        source.add_argument("--imap", metavar="URL", help="take in every unseen mail: imaps://user:password@host/INBOX")
        parser.add_argument("--dry-run", action="store_true", help="change nothing")
        parser.add_argument("--json", action="store_true", help="print what was understood, one JSON object a mail")

    def handle(self, *args: Any, **options: Any) -> None:
        def read(data: bytes) -> None:
            understood = understand(data)
            new = False if options["dry_run"] else take_in(understood, at=timezone.now())
            if options["json"]:
                self.stdout.write(json.dumps(understood.as_json(), ensure_ascii=False))
            elif options["verbosity"] > 0:
                self.stdout.write(f"{understood.kind} {understood.recipient}{' (taken in)' if new else ''}")

        if (options["maildir"] or options["imap"]) and options["dry_run"]:
            raise CommandError("--dry-run is for one mail on standard input: a mailbox is marked as read")
        if options["maildir"]:
            read_maildir(options["maildir"], read)
        elif options["imap"]:
            read_imap(options["imap"], read)
        else:
            read(sys.stdin.buffer.read())
