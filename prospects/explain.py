"""The verdict on somebody in the database, at any moment, with the evidence behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q

from consent.address_keys import keys_of_normalised
from consent.addresses import normalise
from consent.law import Ground, Message, Reason, Rulebook, Verdict, may_contact
from consent.models import Act
from consent.vocabulary import MEDIUM_OF, Channel
from prospects.facts import Known, facts_of
from prospects.models import ContactDetail, Source


@dataclass(frozen=True, slots=True)
class Explanation:
    """One contact detail that has the address: what the law says, our own reason to keep silent, and what proves it."""

    verdict: Verdict
    known: Known
    rests_on: Sequence[str]

    @property
    def allowed(self) -> bool:
        """Whether the message would leave."""
        return self.verdict.allowed and self.known.withheld is None


# On which evidence each answer rests; any other rests on the source alone, or on what is missing.
_RESTS_ON: dict[Ground | Reason, Sequence[str]] = {
    Ground.CONSENT: ["consent"],
    Ground.CONTRACT: ["contracts"],
    Ground.REQUEST: ["requests"],
    Ground.CUSTOMER: ["purchases", "informed_by"],
    Ground.PROFESSIONAL: ["person", "informed_by"],
    Ground.COMPANY: ["detail", "source"],
    Ground.INFORMATION: ["informed_by"],
    Reason.OBJECTED: ["stops"],
    Reason.CONSENT_WITHDRAWN: ["consent"],
    Reason.CONSENT_INCOMPLETE: ["consent"],
    Reason.CONSENT_EXPIRED: ["consent"],
    Reason.CONSENT_UNCONFIRMED: ["consent"],
    Reason.CUSTOMER_TOO_OLD: ["purchases"],
    Reason.NOT_ANALOGOUS: ["purchases"],
    Reason.RETENTION_EXPIRED: ["source", "last_sign_of_life", "purchases", "contracts"],
    Reason.MINOR: ["person"],
    Reason.SECTOR_BANNED: ["person", "contracts"],
    Reason.UNRELATED_ACTIVITY: ["person"],
    Reason.OUTSIDE_HOURS: ["person"],
    Reason.TOO_MANY_CALLS: ["calls_last_30_days"],
}


def explain(address: str, message: Message, *, at: datetime) -> list[Explanation]:
    """Say, for every person known by this address, whether the message may reach them and what the answer rests on.

    Raises ValidationError where it is no address of the channel's medium; an address that nobody has gives nothing.
    """
    medium = MEDIUM_OF[Channel(message.channel)]
    keys = keys_of_normalised(medium, normalise(medium, address))
    details = ContactDetail.objects.filter(address_key__in=keys, medium=medium).order_by("pk")
    known = details.select_related("prospect__activity", "source__notice")
    return [explain_detail(detail, message, at=at) for detail in known]


def explain_detail(detail: ContactDetail, message: Message, *, at: datetime) -> Explanation:
    """Say whether the message may reach this contact detail, and what the answer rests on."""
    known = facts_of(detail, message, at)
    verdict = may_contact(known.facts, message, at=at, rulebook=Rulebook(settings.PROSPECTING_RULEBOOK))
    return Explanation(verdict, known, _RESTS_ON.get(verdict.outcome, ["source"]))


def acts_kept(address: str, channel: str) -> list[dict[str, Any]]:
    """Return the acts kept under the key of an address, which outlive whoever had it."""
    medium = MEDIUM_OF[Channel(channel)]
    keys = keys_of_normalised(medium, normalise(medium, address))
    acts = Act.objects.filter(address_key__in=keys).select_related("notice", "box", "purpose")
    return [_act(act) for act in acts.order_by("at", "pk")]


def evidence(known: Known) -> dict[str, Any]:
    """Return the rows behind the facts, as JSON knows them. People are numbers here: nobody is named."""
    return {
        "person": {
            "prospect": known.detail.prospect_id,
            "kind": known.detail.prospect.kind,
            "activity": known.facts.recipient.activity,
            "born_on": known.facts.recipient.born_on.isoformat() if known.facts.recipient.born_on else None,
            "time_zone": known.facts.recipient.time_zone,
        },
        "detail": {
            "id": known.detail.pk,
            "state": known.detail.state,
            "generic_address": known.detail.is_generic,
            "address_key": str(known.detail.address_key),
        },
        "source": _source(known.source),
        "informed_by": _source(known.informed_by) if known.informed_by else None,
        "consent": _consent(known),
        "stops": [_act(act) for act in known.stops],
        "last_sign_of_life": (
            {"kind": known.interaction.kind, "at": _moment(known.interaction.at)} if known.interaction else None
        ),
        "purchases": [
            {"id": row.pk, "family": row.family, "at": _moment(row.at), "reference": row.reference}
            for row in known.purchases
        ],
        "contracts": [
            {
                "id": row.pk,
                "families": row.families,
                "from": row.starts_on.isoformat(),
                "until": row.ends_on.isoformat() if row.ends_on else None,
            }
            for row in known.contracts
        ],
        "requests": [{"id": row.pk, "families": row.families, "at": _moment(row.at)} for row in known.requests],
        "calls_last_30_days": known.facts.calls_last_30_days,
    }


def _consent(known: Known) -> dict[str, Any] | None:
    """The consent that counts, with every act about its channel and purpose."""
    permission = known.permission
    if permission is None:
        return None
    ended = Q(kind=Act.Kind.WITHDRAWN, at=permission.withdrawn_at) | Q(kind=Act.Kind.LAPSED, at=permission.lapsed_at)
    consent = Q(pk=permission.act_id) | Q(about=permission.act_id) if permission.act_id else Q()
    acts = Act.objects.filter(consent | ended, address_key=known.detail.address_key)
    return {
        "given_at": _moment(permission.given_at),
        "confirmed_at": _moment(permission.confirmed_at),
        "needs_confirmation": permission.needs_confirmation,
        "mentions_complete": permission.mentions_complete,
        "withdrawn_at": _moment(permission.withdrawn_at),
        "lapsed_at": _moment(permission.lapsed_at),
        "acts": [_act(act) for act in acts.select_related("notice", "box", "purpose").order_by("at", "pk")],
    }


def _act(act: Act) -> dict[str, Any]:
    return {
        "act": act.pk,
        "kind": act.kind,
        "at": _moment(act.at),
        "channel": act.channel,
        "purpose": act.purpose.slug if act.purpose else None,
        "origin": act.origin,
        "notice": str(act.notice) if act.notice else None,
        "wording": {"fr": act.box.label_fr, "en": act.box.label_en} if act.box else None,
        "digest": bytes(act.digest).hex(),
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "id": source.pk,
        "kind": source.kind,
        "collected_at": _moment(source.collected_at),
        "collected_by": source.collected_by,
        "place": source.place,
        "partner": source.partner,
        "notice": str(source.notice) if source.notice else None,
        "informed": source.informed,
        "told_at": _moment(source.told_at),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
