from datetime import datetime

from django.db import connection, models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from psycopg.sql import SQL, Literal

from campaigns.models.campaign import Campaign
from consent.law import CODES, Ground
from prospects.models import ContactDetail
from prospects.reach import Reach, read_counts, verdicts_sql

# Everybody is judged once, and counted as judged: the figures and the queue cannot differ. In the order of the details
# the indexes grow at their end, and workers later read neighbours together.
_QUEUE = SQL("""
WITH verdict AS MATERIALIZED ({verdicts}), queued AS (
    INSERT INTO campaigns_message (campaign_id, detail_id, status, ground, reason)
    SELECT {campaign}, verdict.detail_id, 'queued', ground.name, ''
    FROM verdict JOIN unnest({codes}::int[], {grounds}::text[]) AS ground (code, name) ON ground.code = verdict.code
    ORDER BY verdict.detail_id
    ON CONFLICT (campaign_id, detail_id) DO NOTHING
)
SELECT code, count(*) FROM verdict GROUP BY code ORDER BY code
""")
_GROUNDS = {code: str(outcome) for outcome, code in CODES.items() if isinstance(outcome, Ground)}


class MessageQuerySet(models.QuerySet["Message"]):
    def queue_for(self, campaign: Campaign, *, at: datetime) -> Reach:
        """Queue one message per contact that may be reached, with its ground, and count everybody: one statement.

        Whoever the law allows, though not at this hour, is queued as well: the hour is asked about at sending.
        """
        statement = _QUEUE.format(
            verdicts=verdicts_sql(
                campaign.as_law_message(), at, among=campaign.chosen_filter.condition(at), with_timing=False
            ),
            campaign=Literal(campaign.pk),
            codes=Literal(list(_GROUNDS)),
            grounds=Literal(list(_GROUNDS.values())),
        )
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return read_counts(dict(cursor.fetchall()))

    def withhold_queued(self, reason: str, *, at: datetime) -> int:
        """End what still waits, for one reason; what a worker has in hand is left to it."""
        return self.filter(status=Message.Status.QUEUED).update(
            status=Message.Status.WITHHELD, reason=reason, ended_at=at
        )


class Message(models.Model):
    """One message of a campaign to one contact detail, sent at most once. It outlives the person, with nobody in it."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        WITHHELD = "withheld", _("withheld")
        FAILED = "failed", _("failed")
        UNKNOWN = "unknown", _("unknown")

    # Each index costs every mail two writes: those below serve these two as well.
    campaign = models.ForeignKey(
        Campaign, models.DO_NOTHING, related_name="messages", verbose_name=_("campaign"), db_index=False
    )
    detail = models.ForeignKey(
        ContactDetail,
        models.DO_NOTHING,
        related_name="messages",
        verbose_name=_("contact detail"),
        null=True,
        db_index=False,
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.QUEUED)
    ground = models.CharField(_("ground"), max_length=20, blank=True, help_text=_("On which the law allowed it."))
    reason = models.CharField(_("reason"), max_length=200, blank=True, help_text=_("Why it was not sent."))
    message_id = models.UUIDField(
        _("Message-ID"),
        null=True,
        help_text=_("Fixed before the mail leaves. Its first half is the message's own number."),
    )
    queued_at = models.DateTimeField(_("queued on"), db_default=Now())
    lease_until = models.DateTimeField(_("claimed until"), null=True)
    attempts = models.PositiveSmallIntegerField(
        _("attempts"), db_default=0, help_text=_("How many times a server put it off.")
    )
    not_before = models.DateTimeField(_("not before"), null=True, help_text=_("When to try again."))
    ended_at = models.DateTimeField(_("ended on"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "detail"], name="one_message_each"),
            models.CheckConstraint(
                condition=~Q(status="sending") | Q(lease_until__isnull=False, message_id__isnull=False),
                name="a_message_being_sent_is_leased_and_named",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["withheld", "failed", "unknown"]) | ~Q(reason=""),
                name="a_message_not_sent_says_why",
            ),
            models.CheckConstraint(condition=~Q(status="sent") | ~Q(ground=""), name="a_message_sent_has_its_ground"),
        ]
        indexes = [
            models.Index(
                "campaign",
                F("not_before").asc(nulls_first=True),
                "id",
                condition=Q(status="queued"),
                name="messages_queued",
            ),
            models.Index(fields=["lease_until"], condition=Q(status="sending"), name="messages_being_sent"),
            models.Index(fields=["detail"], name="messages_of_a_detail"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} № {self.pk}"
