"""Campaigns: written, judged, scheduled and followed as in the workspace. Figures name nobody."""

from datetime import datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status
from pydantic import AwareDatetime

from api.describing import problems, told
from api.idempotency import idempotent
from api.keys import KeyFor, key_of
from api.models import Scope
from api.paging import Paging, page_of
from api.problems import Problem
from api.schemas import LanguageName, LongText, Slug, Strict, Text
from campaigns import launch, versions
from campaigns.audience import Audience
from campaigns.disclosure import Discretion
from campaigns.forms import CampaignForm
from campaigns.models import Campaign
from campaigns.progress import progress_of
from consent.models import Purpose, Sender
from prospects.reach import count_reach

router = Router()


class Written(Strict):
    """A campaign to be: what it says, for which purpose, and what it is about."""

    name: Text = Field(min_length=1)
    channel: str = Field(
        "email",
        pattern="^(email|sms)$",
        description="Its channel; `sms` where a gateway is set up.",
    )
    purpose: Slug = Field(description="The short name of a purpose.")
    language: LanguageName = "fr"
    subject: Text = Field("", description="Of a mail, which needs one.")
    format: str = Field("markdown", pattern="^(markdown|mjml)$")
    body: LongText = Field(min_length=1, max_length=200_000, description="With fields such as `{{ first_name }}`.")
    count_clicks: bool = False
    families: list[Slug] = Field([], max_length=50)
    activities: list[Slug] = Field([], max_length=50)
    sector: Text = ""
    sender: Text = Field("", description="The address of an active sender; without it, the default one's.")


class CampaignTold(Schema):
    """A campaign as it stands."""

    id: int
    name: str
    status: str
    channel: str
    purpose: str
    subject: str
    sender: str | None = Field(description="The address that it leaves from; null for the default one's, until then.")
    send_at: datetime | None
    launched_at: datetime | None
    finished_at: datetime | None
    trouble: str


class CampaignPage(Schema):
    """Some campaigns, the newest first."""

    items: list[CampaignTold]
    next: str | None = Field(description="The cursor of the next page; null on the last.")


class AudienceTold(Schema):
    """How many may be reached, by ground, and how many not, by reason, at one moment."""

    at: datetime
    reachable: int
    unreachable: int
    by_ground: dict[str, int]
    by_reason: dict[str, int]


class When(Strict):
    """The moment at which a campaign leaves, and the days and hours that it keeps to."""

    send_at: AwareDatetime
    days: list[int] = Field([], max_length=7, description="0 for Monday to 6 for Sunday; none for all.")
    opens: time | None = None
    closes: time | None = None
    on_holidays: bool = True


class Results(Schema):
    """What became of a campaign's messages."""

    status: str
    messages: int
    by_status: dict[str, int]
    sent_on: dict[str, int] = Field(description="Those sent, by ground.")
    withheld_for: dict[str, int]
    failed_for: dict[str, int]
    refused_at_launch: dict[str, int]


@router.post("/campaigns", auth=KeyFor(Scope.CAMPAIGNS), response={201: CampaignTold})
@idempotent
@told
def write_a_campaign(request: HttpRequest, written: Written) -> Status[CampaignTold]:
    """Write a campaign, as a draft."""
    purpose = Purpose.objects.filter(slug=written.purpose).first()
    if purpose is None:
        raise ValidationError(f"There is no purpose “{written.purpose}”.")
    form = CampaignForm({**written.dict(), "purpose": purpose.pk, "sender": _sender(written.sender)})
    if not form.is_valid():
        faults = [
            {"where": f"body.{name}", "what": str(message)}
            for name, messages in form.errors.items()
            for message in messages
        ]
        raise Problem(422, "invalid", "The campaign cannot be written so.", errors=faults)
    campaign = form.save(commit=False)
    campaign.created_by = key_of(request).created_by
    campaign.save()
    versions.keep(campaign, by=campaign.created_by, at=timezone.now())
    return Status(201, _told(campaign))


@router.get("/campaigns", auth=KeyFor(Scope.CAMPAIGNS_READ), response=CampaignPage)
def list_campaigns(request: HttpRequest, paging: Query[Paging]) -> CampaignPage:
    """List the campaigns, the newest first."""
    rows, following = page_of(Campaign.objects.select_related("purpose", "sender"), paging)
    return CampaignPage(items=[_told(campaign) for campaign in rows], next=following)


@router.get("/campaigns/{number}", auth=KeyFor(Scope.CAMPAIGNS_READ), response=CampaignTold, **problems(404))
def read_a_campaign(request: HttpRequest, number: int) -> CampaignTold:
    """Read one campaign."""
    return _told(_found(number))


@router.get("/campaigns/{number}/audience", auth=KeyFor(Scope.CAMPAIGNS_READ), response=AudienceTold, **problems(404))
def read_the_audience(request: HttpRequest, number: int) -> AudienceTold:
    """Count whom a campaign may reach: counted now, or at its launch where it has left.

    Counts of a narrowed audience are rounded down, and left out where that is nothing, so that nobody is singled out.
    """
    campaign = _found(number)
    counted = Audience.from_json(campaign.audience) or _counted_now(campaign)
    discretion = Discretion.about(campaign)
    return AudienceTold(
        at=counted.at,
        reachable=discretion.rounded(counted.allowed_total),
        unreachable=discretion.rounded(counted.refused_total),
        by_ground=discretion.told(counted.allowed),
        by_reason=discretion.told(counted.refused),
    )


@router.post(
    "/campaigns/{number}/schedule", auth=KeyFor(Scope.CAMPAIGNS), response={200: CampaignTold}, **problems(404, 409)
)
@idempotent
@told
def schedule_a_campaign(request: HttpRequest, number: int, when: When) -> Status[CampaignTold]:
    """Schedule a draft. The law is asked about everybody when it leaves, and again at each message."""
    campaign = _found(number)
    windows: dict[str, Any] = {
        "window_days": sorted(set(when.days)),
        "window_from": when.opens,
        "window_until": when.closes,
        "window_holidays": when.on_holidays,
    }
    if not set(when.days) <= set(range(7)):
        raise ValidationError("A day is a number from 0 to 6.")
    if when.opens and when.closes and when.opens >= when.closes:
        raise ValidationError("A window opens before it closes.")
    try:
        launch.schedule(campaign, send_at=when.send_at, now=timezone.now(), by=key_of(request).created_by, **windows)
    except ValueError as error:
        raise ValidationError("A campaign cannot be scheduled in the past.") from error
    except launch.NotReady as error:
        faults = [{"where": "campaign", "what": str(what)} for what in error.args]
        raise Problem(409, "not-ready", "Something keeps this campaign from being sent.", errors=faults) from error
    except launch.OutOfTurn as error:
        raise _out_of_turn() from error
    return Status(200, _told(campaign))


@router.post(
    "/campaigns/{number}/cancel",
    auth=KeyFor(Scope.CAMPAIGNS, free=True),
    response={200: CampaignTold},
    **problems(404, 409),
)
@idempotent
def cancel_a_campaign(request: HttpRequest, number: int) -> Status[CampaignTold]:
    """Stop a campaign for good; whatever waits is withheld. It is never put off by a rate limit."""
    campaign = _found(number)
    try:
        launch.cancel(campaign, at=timezone.now())
    except launch.OutOfTurn as error:
        raise _out_of_turn() from error
    return Status(200, _told(campaign))


@router.get("/campaigns/{number}/results", auth=KeyFor(Scope.CAMPAIGNS_READ), response=Results, **problems(404))
def read_the_results(request: HttpRequest, number: int) -> Results:
    """Read what became of a campaign's messages, by ground and by reason.

    By ground and reason, counts of a narrowed audience are rounded down, and left out where
    that is nothing, so that nobody is singled out.
    """
    campaign = _found(number)
    progress = progress_of(campaign)
    told = progress.discretion.told
    return Results(
        status=campaign.status,
        messages=progress.total,
        by_status=dict(progress.by_status),
        sent_on=told(progress.sent_on),
        withheld_for=told(progress.withheld_for),
        failed_for=told(progress.failed_for),
        refused_at_launch=told(progress.refused_at_launch),
    )


def _counted_now(campaign: Campaign) -> Audience:
    at = timezone.now()
    return Audience.of_reach(
        count_reach(campaign.as_law_message(), at, among=campaign.chosen_filter.condition(at), with_timing=False), at=at
    )


def _found(number: int) -> Campaign:
    campaign = (
        Campaign.objects.select_related("purpose", "sender").filter(pk=number).first()
        if 0 <= number < 1 << 63
        else None
    )
    if campaign is None:
        raise Problem(404, "unknown", "There is no such campaign.")
    return campaign


def _sender(address: str) -> int | None:
    """Find a sender by its address; nobody where none is asked for."""
    if not address:
        return None
    found = Sender.objects.active().filter(address__iexact=address).first()
    if found is None:
        raise ValidationError(f"There is no active sender “{address}”.")
    return found.pk


def _out_of_turn() -> Problem:
    return Problem(409, "out-of-turn", "The campaign is not where this step starts from: read it again.")


def _told(campaign: Campaign) -> CampaignTold:
    return CampaignTold(
        id=campaign.pk,
        name=campaign.name,
        status=campaign.status,
        channel=campaign.channel,
        purpose=campaign.purpose.slug,
        subject=campaign.subject,
        sender=campaign.sender.address if campaign.sender else None,
        send_at=campaign.send_at,
        launched_at=campaign.launched_at,
        finished_at=campaign.finished_at,
        trouble=campaign.trouble,
    )
