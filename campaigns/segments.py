"""Segments: filters with a name. What a campaign used stays true whatever becomes of them."""

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from campaigns.launch import OutOfTurn
from campaigns.models import Campaign, Segment
from prospects.filters import Filter

Status = Campaign.Status
# Somebody counts on the segment for these: they go by it once they leave.
_COUNTING_ON_IT = [Status.SCHEDULED, Status.AWAITING_APPROVAL, Status.LATE]


class NameTaken(Exception):
    """Another segment has this name."""


class InUse(Exception):
    """A campaign that is on its way to leave goes by this segment."""


def choose(campaign: Campaign, *, by: User, among: Filter, segment: Segment | None = None) -> None:
    """Give a draft its audience: a segment, or a filter of its own. Whoever does has a hand in it."""
    kept = {} if segment is not None else among.as_json()
    drafts = Campaign.objects.drafts().filter(pk=campaign.pk)
    if not drafts.update(filter=kept, segment=segment, edited_by=by, version=F("version") + 1):
        raise OutOfTurn
    campaign.refresh_from_db()


def save(among: Filter, *, name: str, by: User) -> Segment:
    """Keep a filter under a name."""
    try:
        with transaction.atomic():
            return Segment.objects.create(name=name, filter=among.as_json(), created_by=by)
    except IntegrityError as error:
        raise NameTaken from error


def change(segment: Segment, *, by: User, name: str, among: Filter) -> None:
    """Change a segment, for every campaign that has not left yet: what was approved must be approved again."""
    try:
        with transaction.atomic():
            goes_elsewhere = Segment.objects.select_for_update().get(pk=segment.pk).filter != among.as_json()
            segment.name, segment.filter = name, among.as_json()
            segment.save(update_fields=["name", "filter"])
            if goes_elsewhere:
                _read_anew(segment, by)
    except IntegrityError as error:
        raise NameTaken from error


def _read_anew(segment: Segment, by: User) -> None:
    """Make what was read of the campaigns that go by a segment out of date, and void what was approved of them."""
    theirs = Campaign.objects.filter(segment=segment, launched_at=None)
    approved = theirs.filter(status__in=_COUNTING_ON_IT, approved_by__isnull=False)
    approved.update(status=Status.AWAITING_APPROVAL, approved_by=None, approved_at=None)
    theirs.exclude(status=Status.CANCELLED).update(version=F("version") + 1, edited_by=by)


@transaction.atomic
def delete(segment: Segment) -> None:
    """Delete a segment. Drafts keep what it said as a filter of their own: nobody's audience grows by it."""
    Segment.objects.select_for_update().get(pk=segment.pk)
    if counting_on(segment).exists():
        raise InUse
    theirs = Campaign.objects.filter(segment=segment)
    theirs.filter(launched_at=None).update(filter=segment.filter)
    theirs.update(segment=None)
    segment.delete()


def counting_on(segment: Segment) -> QuerySet[Campaign]:
    """The campaigns on their way to leave that go by this segment."""
    return Campaign.objects.filter(segment=segment, status__in=_COUNTING_ON_IT)
