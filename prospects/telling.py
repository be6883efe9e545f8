"""Tells people whom nobody told when their details were collected: who we are, what we hold, from where, how to refuse.

GDPR art. 14 gives one month. Whoever cannot be told in time is erased at its end; staff are warned a week before.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from consent.law.days import paris_day, start_of_day
from consent.models import Organisation
from consent.stop_links import stop_token
from consent.vocabulary import Channel, Language
from prospects.links import absolute
from prospects.mail import compose
from prospects.mailing import send_each
from prospects.models import ContactDetail, Prospect, Source, UntoldSource
from prospects.terms import month_is_over_for

BATCH = 100
LEASE = timedelta(minutes=15)
WARNING_DAYS = 7
NO_PURPOSE = 0  # this notice serves none: its stop link stops everything

# The people not told yet who have an e-mail address to tell them at. Nobody is written to who objected to everything,
# is frozen, or whose address does not work; a company's generic address is nobody's.
_CLAIM = """
WITH untold AS (
    SELECT DISTINCT ON (source.prospect_id) source.prospect_id, detail.id
    FROM prospects_source AS source
    JOIN prospects_contactdetail AS detail ON detail.prospect_id = source.prospect_id AND detail.medium = 'email'
    JOIN prospects_contactdetail AS own ON own.source_id = source.id
    JOIN prospects_prospect AS prospect ON prospect.id = source.prospect_id
    WHERE NOT source.informed AND source.told_at IS NULL AND source.kind <> 'unknown'
        AND source.obtained_at >= %(since)s AND source.obtained_at <= %(at)s
        AND (source.telling_since IS NULL OR source.telling_since < %(lease)s)
        AND NOT EXISTS (
            SELECT FROM prospects_source AS further WHERE further.also_of_id = own.id AND further.informed)
        AND detail.state = 'usable' AND NOT (own.is_generic AND prospect.kind = 'professional')
        AND (prospect.restricted_at IS NULL OR prospect.restricted_at > %(at)s)
        AND NOT EXISTS (
            SELECT FROM prospects_legalhold AS hold
            WHERE hold.prospect_id = prospect.id AND hold.starts_at <= %(at)s AND hold.ends_at > %(at)s)
        AND NOT EXISTS (
            SELECT FROM consent_objection AS objection
            WHERE objection.address_key = detail.address_key AND objection.purpose_id IS NULL
                AND (objection.channel IS NULL OR objection.channel = 'email'))
    ORDER BY source.prospect_id, detail.id
    LIMIT %(limit)s
), claimed AS (
    UPDATE prospects_source AS source SET telling_since = %(at)s
    FROM untold WHERE source.prospect_id = untold.prospect_id AND NOT source.informed AND source.told_at IS NULL
        AND (source.telling_since IS NULL OR source.telling_since < %(lease)s)
    RETURNING source.prospect_id
)
SELECT id FROM untold WHERE prospect_id IN (SELECT prospect_id FROM claimed)
"""


def tell(at: datetime) -> int:
    """Send the notice to everybody who is still to be told, and return how many were.

    Who is told is known to be only once the mail has left: killed before, the notice goes out again a little later.
    """
    told = 0
    while details := _claim(at):
        mails = ((detail.pk, _mail(detail)) for detail in details)
        left = {pk for pk, sent in send_each(mails, about="telling") if sent}
        people = [detail.prospect_id for detail in details if detail.pk in left]
        untold = Source.objects.filter(prospect_id__in=people, informed=False, told_at=None)
        untold.filter(obtained_at__gte=month_is_over_for(at)).update(told_at=at, telling_since=None)
        told += len(people)
    return told


def untold(at: datetime) -> QuerySet[UntoldSource]:
    """The sources of details that will be erased at the end of their month unless somebody tells the person.

    A company's generic address is nobody's to be told; whoever was informed at another collection knows already.
    """
    informed_elsewhere = Source.objects.filter(also_of=OuterRef("detail"), informed=True)
    waiting = UntoldSource.objects.filter(
        informed=False, told_at=None, detail__isnull=False, obtained_at__gte=month_is_over_for(at)
    )
    return waiting.exclude(kind=Source.Kind.UNKNOWN).exclude(
        Q(detail__is_generic=True, prospect__kind=Prospect.Kind.PROFESSIONAL) | Exists(informed_elsewhere)
    )


def told_by_staff(sources: QuerySet[UntoldSource], *, at: datetime) -> int:
    """Note that staff told these people themselves, by letter or word of mouth; return how many details are told."""
    return untold(at).filter(pk__in=sources.values("pk")).update(told_at=at, telling_since=None)


def warn_staff(at: datetime) -> bool:
    """Mail the data protection contact how many details will be erased within a week, once a day; False for nothing."""
    organisation = Organisation.objects.current()
    to = organisation.data_protection_contact or organisation.email
    in_a_week = start_of_day(paris_day(at) + timedelta(days=WARNING_DAYS))
    count = untold(at).filter(obtained_at__lt=month_is_over_for(in_a_week)).count()
    if not count or not to or not cache.add(f"untold-warning:{paris_day(at)}", True, timeout=2 * 24 * 3600):
        return False
    link = f"{settings.SITE_URL}{reverse('admin:prospects_untoldsource_changelist')}"
    compose("untold", to, Language.FRENCH, {"count": count, "link": link}).send()
    return True


def _claim(at: datetime) -> list[ContactDetail]:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"at": at, "since": month_is_over_for(at), "lease": at - LEASE, "limit": BATCH})
        claimed = [pk for (pk,) in cursor.fetchall()]
    return list(ContactDetail.objects.filter(pk__in=claimed).select_related("prospect").order_by("pk"))


def _mail(detail: ContactDetail) -> EmailMultiAlternatives:
    prospect = detail.prospect
    token = stop_token(detail.address_key, Channel.EMAIL, NO_PURPOSE, key_id=detail.key_id)
    return compose(
        "told",
        detail.address,
        prospect.language,
        {
            "prospect": prospect,
            "details": prospect.details.select_related("source").order_by("pk"),
            "stop_link": absolute("stop_all", token),
        },
    )
