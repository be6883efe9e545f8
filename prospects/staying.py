"""A month before three silent years are over, one mail asks whether the person wants to stay. Silence is an answer."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.db.models import F, Q
from psycopg.sql import SQL, Literal

from consent.law import FIRST_REFUSAL_CODE, Channel, Message
from consent.law.days import anniversary, paris_day, start_of_day
from consent.law.rulebooks import RETENTION_YEARS
from consent.models import Purpose
from consent.stop_links import stop_token
from consent.vocabulary import Medium
from prospects.due import Cause, Terms, judge
from prospects.links import absolute, keep_token
from prospects.mail import compose
from prospects.mailing import send_each
from prospects.models import Activity, ContactDetail, Family
from prospects.reach import verdicts_sql
from prospects.terms import months_later

BATCH = 200

_REACHABLE = SQL("SELECT detail_id FROM ({verdicts}) AS verdict WHERE code < {refusal}")


def ask_who_wants_to_stay(at: datetime) -> int:
    """Ask everybody whose term ends within a month and whom the law still lets us write to; return how many were.

    Once per term: who is asked is marked before the mail leaves, and unmarked only where it certainly did not.
    """
    terms = Terms.of(start_of_day(months_later(paris_day(at), 1)), now=at)
    asked = 0
    for details in _not_asked(terms, at):
        purposes = _reachable(details, at)
        claimed = _claim(purposes, at)
        mails = ((detail.pk, _mail(detail, purposes[detail.pk], at)) for detail in claimed)
        outcomes = dict(send_each(mails, about="staying"))
        ContactDetail.objects.filter(pk__in=[pk for pk, left in outcomes.items() if left is None]).update(
            asked_to_stay_at=None
        )
        asked += sum(left is True for left in outcomes.values())
    return asked


def _not_asked(terms: Terms, at: datetime) -> Iterator[list[int]]:
    """E-mail details whose term is over at the end of the month to come but not yet, batch by batch."""
    details = (
        ContactDetail.objects.filter(
            Q(asked_to_stay_at=None) | Q(asked_to_stay_at__lt=F("active_at")),
            medium=Medium.EMAIL,
            active_at__gte=Terms.of(at).silent_before,
            active_at__lt=terms.silent_before,
        )
        .order_by("active_at", "pk")
        .values_list("active_at", "pk", "prospect_id")
    )
    place: tuple[datetime | None, int] = (Terms.of(at).silent_before, 0)
    while batch := list(details.filter(Q(active_at__gt=place[0]) | Q(active_at=place[0], pk__gt=place[1]))[:BATCH]):
        place = batch[-1][:2]
        due = judge(sorted({prospect for _, _, prospect in batch}), terms)
        silent = {detail.pk for detail in due if detail.cause == Cause.SILENT}
        yield [pk for _, pk, _ in batch if pk in silent]


def _reachable(details: Sequence[int], at: datetime) -> dict[int, Purpose]:
    """For each of these details that the law lets us write to, one purpose for which it does."""
    families = frozenset(Family.objects.values_list("path", flat=True))
    activities = frozenset(Activity.objects.values_list("slug", flat=True))
    reachable: dict[int, Purpose] = {}
    for purpose in Purpose.objects.order_by("pk"):
        waiting = sorted(set(details) - reachable.keys())
        if waiting:
            message = Message(Channel.EMAIL, purpose.slug, families, activities)
            only = SQL("detail.id = ANY({})").format(Literal(waiting))
            verdicts = verdicts_sql(message, at, only=only)
            with connection.cursor() as cursor:
                cursor.execute(_REACHABLE.format(verdicts=verdicts, refusal=Literal(FIRST_REFUSAL_CODE)))
                reachable |= {pk: purpose for (pk,) in cursor.fetchall()}
    return reachable


def _claim(details: Mapping[int, Purpose], at: datetime) -> list[ContactDetail]:
    """Mark as asked those whom nobody else asks at the same moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE prospects_contactdetail SET asked_to_stay_at = %s"
            " WHERE id = ANY(%s) AND (asked_to_stay_at IS NULL OR asked_to_stay_at < active_at) RETURNING id",
            [at, list(details)],
        )
        claimed = [pk for (pk,) in cursor.fetchall()]
    return list(ContactDetail.objects.filter(pk__in=claimed).select_related("prospect").order_by("pk"))


def _mail(detail: ContactDetail, purpose: Purpose, at: datetime) -> EmailMultiAlternatives:
    since = detail.active_at or at
    token = stop_token(detail.address_key, Channel.EMAIL, purpose.pk, key_id=detail.key_id)
    return compose(
        "stay",
        detail.address,
        detail.prospect.language,
        {
            "first_name": detail.prospect.first_name,
            "since": paris_day(since),
            "last_day": anniversary(paris_day(since), RETENTION_YEARS),
            "link": absolute("keep", keep_token(detail.pk)),
            "stop_link": absolute("stop_all", token),
        },
    )
