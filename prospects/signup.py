"""Signing up: what a visitor sends waits for the button in a mail; pressing it lets them in, with the proof."""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from consent.acts import confirmed, given, informed, lock, record_acts, record_stop
from consent.address_keys import address_key, key_in_use, keys_of_normalised
from consent.models import Act, SignupForm
from consent.vocabulary import Channel, Medium
from prospects.dealings import record_request
from prospects.extras import fitting
from prospects.intake import OUR_FORM, Person, Provenance, record_interaction, take_in
from prospects.models import InformationRequest, Interaction, PendingSignup, Prospect, Source
from prospects.sending import Choice, Outcome, Sending, medium_of, seen_on_page
from prospects.tasks import wake_confirmation_mails


@dataclass(frozen=True, slots=True)
class Proof:
    """What proves that the person sent it: the stamp of the form or, where there is one, the button of the mail."""

    evidence: dict[str, str]
    confirmed_at: datetime | None = None
    confirmed_from: str = ""
    in_their_words: bool = True  # typed by whoever confirms, not by a program for them

    def confirmation(self, yes: Act) -> list[Act]:
        """The act that confirms a yes for e-mail. A yes for another channel waits for a confirmation of its own."""
        if self.confirmed_at is None or yes.channel != Channel.EMAIL:
            return []
        evidence = {"network": self.confirmed_from}
        return [confirmed(yes, at=self.confirmed_at, origin=Act.Origin.CONFIRMATION, evidence=evidence)]


class Press(enum.StrEnum):
    """What pressing the button of a confirmation mail did."""

    CONFIRMED = "confirmed"
    ALREADY = "already"
    CHANGED = "changed"  # signed up anew since the page was shown: to be looked at once more
    EXPIRED = "expired"
    REFUSED = "refused"  # by whoever reads the mail: what was typed is erased
    NOTHING = "nothing"  # of the boxes that the page asked, none was ticked: what was typed is erased


def receive(sending: Sending, *, stamp: str) -> Outcome:
    """Keep what a visitor sent, as far as there is a use for it. Receiving the same twice changes nothing.

    Where a mail is due it waits in the database: whoever calls this wakes its sender, once all is committed.
    """
    if sending.outcome is Outcome.TO_CONFIRM:
        _keep_until_confirmed(sending)  # one statement, which commits by itself
    elif sending.outcome is not Outcome.NOTHING:
        _enter_unconfirmed(sending, stamp=stamp)
    return sending.outcome


@transaction.atomic
def confirm(pk: UUID, *, seen: str, network: str, at: datetime, choice: Choice) -> Press:
    """Let in whoever pressed the button, with the consents that it confirms: those for e-mail, and no other.

    `seen` is the digest of what the page showed: somebody else may have signed up with this address in the meantime.
    Where the boxes stood on that page, `choice` is what was ticked there: this press gives and confirms at once.
    """
    waiting = PendingSignup.objects.select_for_update(of=("self",)).select_related("form", "notice")
    pending = waiting.filter(pk=pk).first()
    if pending is None or pending.expires_at <= at:
        return Press.EXPIRED
    if pending.status == PendingSignup.Status.CONFIRMED:
        return Press.ALREADY
    if pending.status == PendingSignup.Status.REFUSED:
        return Press.REFUSED
    if seen != seen_on_page(pending, choice.language, at=at):
        return Press.CHANGED

    sending, evidence = Sending.of(pending), {}
    if pending.asks_at_confirmation:
        sending = Sending.chosen(pending, choice, network=network, at=at)
        evidence = {"page": choice.page, "details_from": pending.page, "mailed_at": f"{pending.last_mail_at:%FT%TZ}"}
        if sending.outcome is Outcome.NOTHING:
            pending.forget(PendingSignup.Status.REFUSED)
            return Press.NOTHING
    own = not pending.asks_at_confirmation
    proof = Proof(evidence, confirmed_at=at, confirmed_from=network, in_their_words=own)
    prospect = _enter(sending, proof, unconfirmed={Medium.PHONE}, at=at)
    if prospect is not None:
        record_interaction(prospect, Interaction.Kind.SIGNED_UP, sending.at)
        record_interaction(prospect, Interaction.Kind.CONFIRMED, at)
        if sending.is_request:
            record_request(_request(sending, prospect))
        if pending.form.welcomes:
            pending.welcome(prospect.details.get(address_key__in=keys_of_normalised(*_email_of(sending))))
            transaction.on_commit(wake_confirmation_mails, robust=True)
    pending.forget(PendingSignup.Status.CONFIRMED)
    return Press.CONFIRMED


@transaction.atomic
def refuse(pk: UUID, *, at: datetime) -> Press:
    """Erase what was typed: whoever reads the mail says that it was not them, or that they changed their mind."""
    pending = PendingSignup.objects.select_for_update().filter(pk=pk, expires_at__gt=at).first()
    if pending is None:
        return Press.EXPIRED
    if pending.status == PendingSignup.Status.CONFIRMED:
        return Press.ALREADY
    pending.forget(PendingSignup.Status.REFUSED)
    return Press.REFUSED


@transaction.atomic
def receive_details(
    form: SignupForm, person: Person, addresses: Mapping[Medium, str], *, page: str, at: datetime
) -> None:
    """Keep the details that a program sent until their owner answers its mail: the boxes stand on that mail's page."""
    PendingSignup.objects.put(
        PendingSignup(
            form=form,
            notice=form.notice,
            language=person.language,
            address_key=address_key(Medium.EMAIL, addresses[Medium.EMAIL]),
            answers=_answers(person.first_name, person.last_name, addresses, person.extra),
            page=page,
            asks_at_confirmation=True,
            signed_up_at=at,
            expires_at=at + timedelta(days=settings.PENDING_SIGNUP_DAYS),
        )
    )
    transaction.on_commit(wake_confirmation_mails, robust=True)


def _answers(
    first_name: str, last_name: str, addresses: Mapping[Medium, str], extra: Mapping[str, Any]
) -> dict[str, Any]:
    typed = {medium.value: address for medium, address in addresses.items()}
    noted = {"extra": dict(extra)} if extra else {}
    return {"first_name": first_name, "last_name": last_name, **typed, **noted}


def _email_of(sending: Sending) -> tuple[Medium, str]:
    return Medium.EMAIL, sending.addresses[Medium.EMAIL]


def _keep_until_confirmed(sending: Sending) -> None:
    PendingSignup.objects.put(
        PendingSignup(
            form=sending.form,
            notice=sending.notice,
            language=sending.language,
            address_key=address_key(Medium.EMAIL, sending.addresses[Medium.EMAIL]),
            answers=_answers(
                sending.first_name, sending.last_name, sending.pending, sending.extra if sending.wanted else {}
            ),
            ticked=sorted(sending.ticked),
            page=sending.page,
            network=sending.network,
            signed_up_at=sending.at,
            expires_at=sending.at + timedelta(days=settings.PENDING_SIGNUP_DAYS),
        )
    )


@transaction.atomic
def _enter_unconfirmed(sending: Sending, *, stamp: str) -> None:
    """Let in by a form without e-mail: no mail can confirm what is typed there.

    It is no interaction: whoever typed the address of somebody we know must not make us keep that person for longer.
    """
    _lock_addresses(sending)
    keys = [key for medium, address in sending.addresses.items() for key in keys_of_normalised(medium, address)]
    if not Act.objects.filter(address_key__in=keys, evidence__stamp=stamp).exists():
        prospect = _enter(sending, Proof({"stamp": stamp}), unconfirmed=set(Medium), at=sending.at)
        if prospect is not None and sending.is_request:
            _request(sending, prospect).save(force_insert=True)


def _request(sending: Sending, prospect: Prospect) -> InformationRequest:
    """What staff are to answer. It names no product family, and so opens no call back: the form asked about none."""
    return InformationRequest(prospect=prospect, families=[], at=sending.at, evidence=f"{sending.form}, {sending.page}")


def _enter(sending: Sending, proof: Proof, *, unconfirmed: set[Medium], at: datetime) -> Prospect | None:
    """Record the person, their details with their source, and what they said. Nobody, where they only refused."""
    _lock_addresses(sending)
    evidence = {"page": sending.page, "network": sending.network, "form": sending.form.slug} | proof.evidence
    prospect, extra = None, fitting(sending.extra)
    # Of the answers, the names alone: what was answered is kept once, and goes with the field.
    answered = {"answered": ", ".join(sorted(extra))} if extra else {}
    for offered, media in _by_information(sending).items():
        prospect = take_in(
            Person(first_name=sending.first_name, last_name=sending.last_name, language=sending.language, extra=extra),
            {medium: sending.kept[medium] for medium in media},
            Provenance(
                kind=Source.Kind.FORM,
                collected_at=sending.at,
                place=sending.page,
                notice=sending.notice,
                informed=offered,
                evidence=evidence | answered,
            ),
            at=at,
            door=OUR_FORM,
            unconfirmed=unconfirmed,
            corrects=proof.in_their_words and proof.confirmed_at is not None,
        )
    record_acts(_acts(sending, evidence, proof))
    _record_refusals(sending, evidence)
    return prospect


def _by_information(sending: Sending) -> dict[bool, list[Medium]]:
    """Group the media by whether the form informed about them. The first, by which the person is known, is in each."""
    groups: dict[bool, list[Medium]] = {}
    media = sorted(sending.kept, key=list(Medium).index)
    for medium in media:
        groups.setdefault(sending.informed(medium), media[:1])
        if medium != media[0]:
            groups[sending.informed(medium)] = [*groups[sending.informed(medium)], medium]
    return groups


def _acts(sending: Sending, evidence: dict[str, str], proof: Proof) -> Iterator[Act]:
    shown = {"origin": Act.Origin.FORM, "language": sending.language, "evidence": evidence}
    for medium, address in sending.kept.items():
        if not sending.informed(medium):
            continue
        key, key_id = key_in_use(medium, address)
        acts = [informed(key, at=sending.at, notice=sending.notice, **shown)]
        for box in sending.agreed:
            if medium_of(box) == medium:
                yes = given(key, box, at=sending.at, needs_confirmation=True, **shown)
                yes.mentions_complete = box.carries_call_mentions(sending.language)
                acts += [yes, *proof.confirmation(yes)]
        for act in acts:
            act.key_id = key_id
            yield act


def _record_refusals(sending: Sending, evidence: dict[str, str]) -> None:
    for box in sending.refused:
        medium = medium_of(box)
        key, key_id = key_in_use(medium, sending.addresses[medium])
        record_stop(
            key,
            channel=box.channel,
            purpose_id=box.purpose_id,
            at=sending.at,
            origin=Act.Origin.FORM,
            evidence=evidence | {"box": str(box.pk), "language": sending.language},
            key_id=key_id,
        )


def _lock_addresses(sending: Sending) -> None:
    """Take every lock of this sending at once and in order, so that two sendings cannot wait for each other."""
    lock([key for medium, address in sending.addresses.items() for key in keys_of_normalised(medium, address)])
