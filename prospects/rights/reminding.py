"""Watches over the term of requests: reminds staff a week before it and at it, and forgets what need not be known."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Min, Q
from django.urls import reverse

from consent.law.days import first_day_within, paris_day, start_of_day
from consent.models import Organisation
from consent.vocabulary import Language
from prospects.mail import compose
from prospects.models import RightsRequest
from prospects.rights.mails import forget_who_asked

REMINDER_DAYS = 7
_DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Due:
    """What waits for staff: how many requests, the first day due, how many within a week; and recipients to be told."""

    waiting: int
    soon: int
    first: date | None
    untold: int
    is_late: bool


def requests_due(at: datetime) -> Due | None:
    """Return what waits for staff, if anything does."""
    today = paris_day(at)
    soon = Count("pk", filter=Q(due_on__lte=today + timedelta(days=REMINDER_DAYS)))
    found = RightsRequest.objects.filter(status=RightsRequest.Status.OPEN).aggregate(
        waiting=Count("pk"), soon=soon, first=Min("due_on")
    )
    due = Due(
        **found,
        untold=RightsRequest.objects.untold().count(),
        is_late=found["first"] is not None and found["first"] < today,
    )
    return due if due.waiting or due.untold else None


def remind(at: datetime) -> int:
    """Mail the data protection contact which requests are due within a week, and again at their term; return how many.

    A request counts as told of once the mail has left; the mail names requests by their numbers.
    """
    organisation = Organisation.objects.current()
    to = organisation.data_protection_contact or organisation.email
    today = paris_day(at)
    due = list(
        RightsRequest.objects.open().filter(
            Q(due_on__lte=today, reminders__lt=2) | Q(due_on__lte=today + timedelta(days=REMINDER_DAYS), reminders=0)
        )
    )
    if not due or not to or not cache.add(f"requests-reminder:{today}", True, timeout=_DAY):
        return 0
    link = f"{settings.SITE_URL}{reverse('requests')}"
    context = {"due": due, "link": link, "today": today}
    compose("requests_due", to, Language.FRENCH, context).send()
    RightsRequest.objects.filter(pk__in=[request.pk for request in due], due_on__lte=today).update(reminders=2)
    RightsRequest.objects.filter(pk__in=[request.pk for request in due], due_on__gt=today).update(reminders=1)
    return len(due)


def forget(at: datetime) -> int:
    """Erase the wishes that nobody proved, and the answered requests whose own term is over; return how many."""
    forget_who_asked()
    kept_since = start_of_day(first_day_within(settings.REQUEST_RETENTION_YEARS, paris_day(at)))
    unproven, _by_table = RightsRequest.objects.never_proven(at).delete()
    old, _by_table = RightsRequest.objects.answered_before(kept_since).delete()
    return unproven + old
