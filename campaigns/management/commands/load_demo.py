from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaigns.demo import load_demonstration
from campaigns.demo.accounts import open_accounts
from config.demo_signins import demo_signins


class Command(BaseCommand):
    help = "Fill an empty installation with a shop, people and campaigns that do not exist, and accounts."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demonstration is for trying Loyal on one's own machine; here real people are kept.")
        open_accounts(demo_signins(settings.VAR_DIR))
        if load_demonstration(at=timezone.now()):
            self.stdout.write("The demonstration is loaded.")
        else:
            self.stdout.write("This installation is set up already: nothing was added.")
