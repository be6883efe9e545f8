import hashlib
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from psycopg.types.json import Jsonb

from consent.models import Notice, SignupForm
from consent.vocabulary import Language
from prospects.models.detail import ContactDetail

MOST_MAILS = 3
BETWEEN_MAILS = timedelta(hours=24)

# Another signup with the same form replaces what was asked, never doubles it, and earns no mail that is not due.
_PUT = """
INSERT INTO prospects_pendingsignup AS known (id, form_id, notice_id, language, status, address_key, answers, ticked,
    page, network, asks_at_confirmation, mails_sent, signed_up_at, expires_at)
VALUES (%(id)s, %(form)s, %(notice)s, %(language)s, 'mail_due', %(address_key)s, %(answers)s, %(ticked)s,
    %(page)s, %(network)s, %(asks_at_confirmation)s, 0, %(at)s, %(expires_at)s)
ON CONFLICT (address_key, form_id) WHERE NOT (status = 'confirmed') DO UPDATE SET
    notice_id = excluded.notice_id, language = excluded.language, answers = excluded.answers,
    ticked = excluded.ticked, page = excluded.page, network = excluded.network,
    asks_at_confirmation = excluded.asks_at_confirmation,
    signed_up_at = excluded.signed_up_at, expires_at = excluded.expires_at,
    mails_sent = CASE WHEN known.expires_at <= excluded.signed_up_at THEN 0 ELSE known.mails_sent END,
    status = CASE
        WHEN known.expires_at > excluded.signed_up_at AND known.mails_sent >= %(most_mails)s
            THEN CASE known.status WHEN 'refused' THEN 'waiting' ELSE known.status END
        WHEN known.last_mail_at > excluded.signed_up_at - %(between_mails)s
            THEN CASE known.status WHEN 'refused' THEN 'waiting' ELSE known.status END
        ELSE 'mail_due' END
"""

# Of one address the oldest signup, unless a mail went to that address lately, for whichever signup, even one whose
# sending nobody saw end. The caller holds the lock that makes this read and the claim that follows one step.
_CLAIM = """
UPDATE prospects_pendingsignup SET mails_sent = mails_sent + 1, last_mail_at = %(at)s
WHERE id IN (
    SELECT DISTINCT ON (address_key) id FROM prospects_pendingsignup AS due
    WHERE status = 'mail_due' AND mails_sent < %(most_mails)s AND expires_at > %(at)s AND NOT EXISTS (
        SELECT FROM prospects_pendingsignup AS other
        WHERE other.address_key = due.address_key AND other.last_mail_at > %(at)s - %(between_mails)s)
    ORDER BY address_key, signed_up_at
    LIMIT %(limit)s)
RETURNING *
"""
# Claimed before it leaves, so that a sender that dies halfway welcomes nobody twice.
_CLAIM_WELCOMES = """
UPDATE prospects_pendingsignup SET welcome_due = false
WHERE id IN (SELECT id FROM prospects_pendingsignup WHERE welcome_due LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING *
"""
_CLAIMING = 0x636F6E66  # the advisory lock of whoever claims confirmation mails


class PendingSignupQuerySet(models.QuerySet["PendingSignup"]):
    def put(self, pending: "PendingSignup") -> None:
        """Keep a signup until it is confirmed, in the place of an earlier one by the same address and form."""
        values: dict[str, Any] = {
            "id": pending.pk,
            "form": pending.form_id,
            "notice": pending.notice_id,
            "language": pending.language,
            "address_key": pending.address_key,
            "answers": Jsonb(pending.answers),
            "ticked": pending.ticked,
            "page": pending.page,
            "network": pending.network,
            "asks_at_confirmation": pending.asks_at_confirmation,
            "at": pending.signed_up_at,
            "expires_at": pending.expires_at,
            "most_mails": MOST_MAILS,
            "between_mails": BETWEEN_MAILS,
        }
        with connection.cursor() as cursor:
            cursor.execute(_PUT, values)

    @transaction.atomic
    def claim_mails(self, limit: int, *, at: datetime) -> list["PendingSignup"]:
        """Give signups whose confirmation mail is due to one sender only: at most one per address in 24 hours.

        The claim is counted as a mail sent before it is: a sender that dies halfway sends less, never more.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CLAIMING])
        claimed = self.raw(_CLAIM, {"at": at, "most_mails": MOST_MAILS, "between_mails": BETWEEN_MAILS, "limit": limit})
        return list(claimed.prefetch_related("form", "notice"))

    def mailed(self, pending: "PendingSignup") -> None:
        """Note that the mail left."""
        self.filter(pk=pending.pk, status=PendingSignup.Status.MAIL_DUE).update(status=PendingSignup.Status.WAITING)

    def unclaim_mail(self, pending: "PendingSignup") -> None:
        """Take back a claim whose mail certainly did not leave: it stays due, and is not counted."""
        self.filter(pk=pending.pk).update(mails_sent=F("mails_sent") - 1, last_mail_at=None)

    def claim_welcomes(self, limit: int) -> list["PendingSignup"]:
        """Give confirmed signups whose welcome mail is due to one sender only."""
        return list(self.raw(_CLAIM_WELCOMES, [limit]).prefetch_related("form__notice", "detail"))

    def expired(self, at: datetime) -> "PendingSignupQuerySet":
        return self.filter(expires_at__lte=at)


class PendingSignup(models.Model):
    """A signup that waits for the button in its confirmation mail. Nobody is a prospect before."""

    class Status(models.TextChoices):
        MAIL_DUE = "mail_due", _("mail due")
        WAITING = "waiting", _("waiting for the button")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused by whoever reads its mail")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form = models.ForeignKey(SignupForm, models.CASCADE, verbose_name=_("form"))
    notice = models.ForeignKey(Notice, models.PROTECT, verbose_name=_("notice shown"))
    language = models.CharField(_("language shown"), max_length=2, choices=Language)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.MAIL_DUE)
    address_key = models.UUIDField(_("address key"))
    answers = models.JSONField(_("answers"), default=dict, help_text=_("What was typed; emptied once confirmed."))
    ticked = ArrayField(models.BigIntegerField(), verbose_name=_("boxes ticked"), default=list)
    page = models.CharField(_("page"), max_length=500, blank=True)
    network = models.CharField(_("shortened IP"), max_length=50, blank=True)
    asks_at_confirmation = models.BooleanField(
        _("asks at the confirmation"),
        default=False,
        db_default=False,
        help_text=_("A program sent the details: the notice and its boxes stand on the page of the confirmation mail."),
    )
    mails_sent = models.PositiveSmallIntegerField(_("mails sent"), default=0)
    last_mail_at = models.DateTimeField(_("last mail on"), null=True)
    signed_up_at = models.DateTimeField(_("signed up on"))
    expires_at = models.DateTimeField(_("expires on"))
    detail = models.ForeignKey(
        ContactDetail,
        models.DO_NOTHING,
        related_name="+",
        verbose_name=_("contact detail"),
        null=True,
        db_index=False,
        help_text=_("Once confirmed, where its welcome mail goes."),
    )
    welcome_due = models.BooleanField(_("welcome mail due"), default=False, db_default=False)

    objects = PendingSignupQuerySet.as_manager()

    class Meta:
        verbose_name = _("pending signup")
        verbose_name_plural = _("pending signups")
        constraints = [
            models.UniqueConstraint(
                fields=["address_key", "form"], condition=~Q(status="confirmed"), name="one_pending_signup_each"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("signed_up_at")), name="a_pending_signup_expires"),
            models.CheckConstraint(condition=Q(mails_sent__lte=MOST_MAILS), name="three_mails_per_pending_signup"),
        ]
        indexes = [
            models.Index(fields=["address_key", "last_mail_at"], name="pending_mails_of_an_address"),
            models.Index(fields=["expires_at"], name="pending_by_expiry"),
            models.Index(fields=["signed_up_at"], condition=Q(status="mail_due"), name="pending_mails_due"),
            models.Index(fields=["detail"], condition=Q(detail__isnull=False), name="pending_of_a_detail"),
            models.Index(fields=["id"], condition=Q(welcome_due=True), name="pending_welcomes_due"),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.signed_up_at:%Y-%m-%d}"

    @property
    def digest(self) -> str:
        """What tells this state of the signup from a later one."""
        return hashlib.sha256(f"{self.pk} {self.signed_up_at.isoformat()}".encode()).hexdigest()[:32]

    def welcome(self, detail: ContactDetail) -> None:
        """Let a welcome mail go to whoever confirmed."""
        self.detail, self.welcome_due = detail, True
        self.save(update_fields=["detail", "welcome_due"])

    def forget(self, status: Status) -> None:
        """Keep the end of this signup and nothing of what it said."""
        self.status = status
        self.answers, self.ticked, self.page, self.network = {}, [], "", ""
        self.save(update_fields=["status", "answers", "ticked", "page", "network"])
