from typing import Any

from django.core.management.base import BaseCommand, CommandError

from staff.checkup.line import State
from staff.checkup.probes import PROBES, run_all

_SIGN = {State.GREEN: "ok   ", State.AMBER: "look ", State.RED: "WRONG"}


class Command(BaseCommand):
    help = "Check what this installation stands on: servers, DNS, clock, disk, secrets. Fails if one is wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        for _name, lines in run_all(PROBES.values()):
            for line in lines:
                self.stdout.write(f"{_SIGN[line.state]}  {line.title}: {line.seen}")
                if line.mend:
                    self.stdout.write(f"       → {line.mend}")
                wrong += line.state == State.RED
        if wrong:
            raise CommandError(f"{wrong} to mend")
