"""What staff brought in and took out: a file of visit cards, and two registers."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User

from campaigns.demo.texts import text
from prospects.exports.listings import LISTINGS
from prospects.exports.taking_out import take_out
from prospects.imports import running, starting
from prospects.imports.declaration import Declaration
from prospects.models import Import

TAKEN_OUT = {"objections": "Contrôle trimestriel", "refusals": "Revue des sources avec la direction"}


def bring_and_take_lists(*, at: datetime) -> None:
    """Import the cards that were filled in at a fair, some of them badly; an administrator takes out two registers."""
    administrator = User.objects.filter(is_superuser=True).first()
    run = starting.receive(
        [text("salon.csv").encode()], file_name="salon-du-vegetal.csv", kind="contacts", uploaded_by=administrator
    )
    declaration = Declaration(
        source="event",
        collected_by="Stand 12",
        collected_on=f"{at - timedelta(days=20):%Y-%m-%d}",
        place="Salon du végétal",
        evidence={"described": "Fiches de visite signées"},
    )
    declaration.check(run.kind, run.columns)
    run.declaration = declaration.as_json()
    run.status = Import.Status.CHECKED
    run.save(update_fields=["declaration", "status"])
    running.start(run, at=at - timedelta(days=19))
    running.finish(run)

    if administrator is not None:
        for key, why in TAKEN_OUT.items():
            _export, pieces = take_out(LISTINGS[key], {}, format="csv", why=why, by=administrator, at=at)
            for _piece in pieces:
                pass  # its rows are counted as they leave
