"""Reduces the facts about one contact to the rows that the rules judge."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TypeVar

from consent.law.days import paris_day
from consent.law.facts import Consent, Facts, Message
from consent.law.families import covering
from consent.law.row import Row

Dated = TypeVar("Dated", date, datetime)


def rows(facts: Facts, message: Message, at: datetime, *, known_at: datetime | None = None) -> Iterator[Row]:
    """Yield one row per consent that could serve, or a single row without any: the best verdict among them counts.

    With `known_at`, only what is known by then exists, while the question is about `at`.
    """
    known_at = known_at or at
    families = covering(message.families)
    consents = [consent for consent in facts.consents if _answers(consent, message)]
    given = [
        consent
        for consent in consents
        if consent.purpose is not None and consent.channel is not None and _until(known_at, consent.given_at)
    ]
    lapsed_at = _latest(_until(known_at, consent.lapsed_at) for consent in consents)
    purchases = [purchase for purchase in facts.purchases if purchase.at <= known_at]
    last_purchase_at = _latest(purchase.at for purchase in purchases)
    begun = [contract for contract in facts.contracts if contract.first_day <= paris_day(known_at)]
    for consent in given or [_NONE]:
        yield Row(
            at=at,
            kind=facts.recipient.kind,
            activity=facts.recipient.activity,
            generic_address=facts.recipient.generic_address,
            born_on=facts.recipient.born_on,
            time_zone=facts.recipient.time_zone,
            source_kind=facts.source.kind,
            collected_at=facts.source.collected_at,
            informed=facts.source.informed,
            active_at=_latest(
                (
                    _until(known_at, facts.source.collected_at),
                    _until(known_at, facts.last_interaction_at),
                    last_purchase_at,
                )
            ),
            objected_at=_latest(
                known_at if objection.at is None else _until(known_at, objection.at)
                for objection in facts.objections
                if objection.channel in (None, message.channel) and objection.purpose in (None, message.purpose)
            ),
            withdrawn_at=_latest(_until(known_at, consent.withdrawn_at) for consent in consents),
            lapsed_at=lapsed_at,
            said_yes_at=_latest(_effective(consent, known_at) for consent in given),
            reconfirmed_at=_latest(
                _confirmation(consent, known_at)
                for consent in given
                if consent.needs_confirmation
                and (lapsed_at is None or (consent.given_at is not None and lapsed_at < consent.given_at))
            ),
            given_at=consent.given_at,
            confirmed_at=_until(known_at, consent.confirmed_at),
            needs_confirmation=consent.needs_confirmation,
            mentions_complete=consent.mentions_complete,
            last_purchase_at=last_purchase_at,
            last_covering_purchase_at=_latest(purchase.at for purchase in purchases if purchase.family in families),
            contract_until=_latest(contract.last_day or date.max for contract in begun),
            covering_contract_until=_latest(
                contract.last_day or date.max for contract in begun if contract.families & families
            ),
            covering_request_at=_latest(
                _until(known_at, request.at) for request in facts.requests if request.families & families
            ),
            calls_last_30_days=facts.calls_last_30_days,
            in_agreed_slot=any(slot.start <= at < slot.end for slot in facts.agreed_slots),
        )


_NONE = Consent(purpose=None, channel=None)


def _answers(consent: Consent, message: Message) -> bool:
    """Say whether what happened to this consent may be about the message's channel and purpose."""
    return consent.channel in (None, message.channel) and consent.purpose in (None, message.purpose)


def _until(at: datetime, moment: datetime | None) -> datetime | None:
    """Return the moment unless it is still to come."""
    return moment if moment is not None and moment <= at else None


def _confirmation(consent: Consent, at: datetime) -> datetime | None:
    """Return when this consent was confirmed: a confirmation answers a giving, and does not come before it."""
    confirmed_at = _until(at, consent.confirmed_at)
    if confirmed_at is None or consent.given_at is None or confirmed_at < consent.given_at:
        return None
    return confirmed_at


def _effective(consent: Consent, at: datetime) -> datetime | None:
    """Return when this consent became the person's word."""
    return _confirmation(consent, at) if consent.needs_confirmation else consent.given_at


def _latest(moments: Iterable[Dated | None]) -> Dated | None:
    return max((moment for moment in moments if moment is not None), default=None)
