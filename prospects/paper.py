"""A consent given on paper: the boxes that the person ticked there, proven by the scan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from consent.acts import given, informed, lock, record_acts, record_stop
from consent.models import Act, Box, Notice, Scan
from consent.scans import keep_scan
from consent.vocabulary import MEDIUM_OF, Channel
from prospects.intake import Provenance, add_provenance, record_interaction
from prospects.models import ContactDetail, Interaction, Prospect, Source


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper form: which notice it showed in which language, what was ticked, when and before whom."""

    notice: Notice
    language: str
    ticked: Sequence[Box]
    given_at: datetime
    collected_by: str
    noted_by: str
    scan: Scan


@transaction.atomic
def record_paper_consent(prospect: Prospect, paper: Paper, details: Sequence[ContactDetail], *, at: datetime) -> int:
    """Record what somebody ticked on paper, for the addresses written on it, with its scan. Returns how many consents.

    A paper needs no confirmation, and so lifts no objection. Raises ValidationError where a box has no address.
    """
    _refuse_boxes_without_address(paper.ticked, details)
    keys = [detail.address_key for detail in details]
    lock(keys)
    evidence = {
        "method": "paper",
        "scan": paper.scan.digest,
        "collected_by": paper.collected_by,
        "noted_by": paper.noted_by,
    }
    shown = {"origin": Act.Origin.PAPER, "notice": paper.notice, "language": paper.language, "evidence": evidence}
    consents = [
        given(
            detail.address_key,
            box,
            at=paper.given_at,
            needs_confirmation=False,
            mentions_complete=box.carries_call_mentions(paper.language),
            origin=Act.Origin.PAPER,
            language=paper.language,
            evidence=evidence,
        )
        for detail in details
        for box in paper.ticked
        if box.kind == Box.Kind.OPT_IN and MEDIUM_OF[Channel(box.channel)] == detail.medium
    ]
    record_acts([*(informed(key, at=paper.given_at, **shown) for key in keys), *consents])
    _record_refusals(paper, details, evidence)
    keep_scan(paper.scan, keys, given_at=paper.given_at)
    provenance = Provenance(
        kind=Source.Kind.PAPER,
        collected_at=paper.given_at,
        collected_by=paper.collected_by,
        notice=paper.notice,
        informed=True,
        evidence={"scan": paper.scan.digest, "noted_by": paper.noted_by},
    )
    for detail in details:
        add_provenance(detail, provenance, at=at)
    record_interaction(prospect, Interaction.Kind.SIGNED_UP, paper.given_at)
    return len(consents)


def _record_refusals(paper: Paper, details: Sequence[ContactDetail], evidence: dict[str, str]) -> None:
    """What was ticked under "I do not want …" is an objection, on paper as elsewhere."""
    for detail in details:
        for box in paper.ticked:
            if box.kind == Box.Kind.OPT_OUT and MEDIUM_OF[Channel(box.channel)] == detail.medium:
                record_stop(
                    detail.address_key,
                    key_id=detail.key_id,
                    channel=box.channel,
                    purpose_id=box.purpose_id,
                    at=paper.given_at,
                    origin=Act.Origin.PAPER,
                    evidence=evidence,
                )


def _refuse_boxes_without_address(ticked: Sequence[Box], details: Sequence[ContactDetail]) -> None:
    media = {detail.medium for detail in details}
    for box in ticked:
        if MEDIUM_OF[Channel(box.channel)] not in media:
            raise ValidationError(
                _("No address for this box: %(box)s. Choose the address that is written on the paper."),
                params={"box": box.label},
                code="address",
            )
