"""The admin's pages about people, and what a browser sends to them."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

LIST = "/admin/prospects/prospect/"
ADD = LIST + "add/"


def page_of(prospect):
    return reverse("admin:prospects_prospect_change", args=[prospect.pk])


def action(prospect, name):
    """The page at which something is noted about this person."""
    return reverse(f"admin:prospects_prospect_{name}", args=[prospect.pk])


def posted(prospect, **changed):
    """What the browser sends for a person's page with these fields changed."""
    data = {"kind": prospect.kind, "language": prospect.language, "time_zone": prospect.time_zone}
    data |= {name: getattr(prospect, name) for name in ("first_name", "last_name", "company")}
    return data | changed


def moment(name, at):
    at = timezone.localtime(at)
    return {f"{name}_0": f"{at:%Y-%m-%d}", f"{name}_1": f"{at:%H:%M:%S}"}


def person_data(**fields):
    return {
        "kind": "individual",
        "first_name": "Camille",
        "last_name": "Exemple",
        "language": "fr",
        "email": "camille@example.test",
        "source_kind": "event",
        **moment("collected_at", timezone.now() - timedelta(days=1)),
        "place": "Foire de Lyon",
        "informed": "on",
        **fields,
    }


def objection_data(**fields):
    return {**moment("told_at", timezone.now()), "told_by": "letter", "reference": "L-7", **fields}
