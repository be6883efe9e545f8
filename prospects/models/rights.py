from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.db.models import Q, Value
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.vocabulary import Language, Medium
from prospects.models.prospect import Prospect

# One statement, in the place of an earlier wish whose link nobody used: whether somebody is known is not looked at.
_ASK = """
INSERT INTO prospects_rightsrequest ("right", door, status, medium, address, address_key, key_id, language, words,
    identity, asked_at, due_on, link_expires_at, extended_why, answer, notes_withheld, news, mail_due, reminders)
VALUES (%(right)s, 'page', 'unproven', 'email', %(address)s, %(key)s, %(key_id)s, %(language)s, '', '', %(at)s,
    %(due_on)s, %(expires_at)s, '', '', false, 'link', true, 0)
ON CONFLICT (address_key, "right") WHERE (status = 'unproven') DO UPDATE SET
    address = excluded.address, language = excluded.language, asked_at = excluded.asked_at, due_on = excluded.due_on,
    link_expires_at = excluded.link_expires_at, mail_due = true
"""
# Claimed before they leave, so that a sender that dies halfway mails nobody twice.
_CLAIM = """
UPDATE prospects_rightsrequest SET mail_due = false
WHERE id IN (SELECT id FROM prospects_rightsrequest WHERE mail_due ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING *
"""


class RightsRequestQuerySet(models.QuerySet["RightsRequest"]):
    def ask(self, **values: Any) -> None:
        """Keep a wish that waits for the press in its mail."""
        with connection.cursor() as cursor:
            cursor.execute(_ASK, values)

    def claim_mails(self, limit: int) -> list["RightsRequest"]:
        """Give requests of which something is to be mailed to one sender only."""
        return sorted(self.raw(_CLAIM, [limit]), key=lambda request: request.pk)

    def open(self) -> "RightsRequestQuerySet":
        """Those that somebody has still to answer, the most urgent first."""
        return self.filter(status=RightsRequest.Status.OPEN).order_by("due_on", "pk")

    def never_proven(self, at: datetime) -> "RightsRequestQuerySet":
        """Those whose link ended unused: nobody asked."""
        return self.filter(status=RightsRequest.Status.UNPROVEN, link_expires_at__lte=at)

    def answered_before(self, moment: datetime) -> "RightsRequestQuerySet":
        return self.filter(answered_at__lt=moment)

    def settled(self, at: datetime) -> "RightsRequestQuerySet":
        """Those that are answered, told, and give no file any more: who asked need not be known any longer."""
        return self.filter(
            Q(file_until=None) | Q(file_until__lte=at), answered_at__isnull=False, mail_due=False, to_tell=[]
        )

    def untold(self) -> "RightsRequestQuerySet":
        """Those that were granted, of which somebody has still to tell whoever had received the data."""
        return self.exclude(to_tell=[]).order_by("answered_at", "pk")


class RightsRequest(models.Model):
    """Somebody asks for one of the rights of GDPR art. 15 to 21. Once it is settled, the row names nobody."""

    class Right(models.TextChoices):
        ACCESS = "access", _("access")
        PORTABILITY = "portability", _("portability")
        RECTIFICATION = "rectification", _("rectification")
        ERASURE = "erasure", _("erasure")
        RESTRICTION = "restriction", _("restriction")
        OBJECTION = "objection", _("objection")

    class Door(models.TextChoices):
        """How the request came."""

        PAGE = "page", _("page of the site")
        LETTER = "letter", _("letter")
        PHONE = "phone", _("phone")
        EMAIL = "email", _("e-mail")
        IN_PERSON = "in_person", _("in person")

    class Status(models.TextChoices):
        UNPROVEN = "unproven", _("waits for its link to be used")
        OPEN = "open", _("to be answered")
        DONE = "done", _("granted")
        REFUSED = "refused", _("refused")

    class News(models.TextChoices):
        """What the person is to be told, or was told last, by mail."""

        LINK = "link", _("the link that shows who asks")
        EXTENDED = "extended", _("more time is needed")
        REFUSED = "refused", _("refused")
        READY = "ready", _("the file is ready")
        ERASED = "erased", _("erased")
        GRANTED = "granted", _("done")

    right = models.CharField(_("right"), max_length=15, choices=Right)
    door = models.CharField(_("came by"), max_length=10, choices=Door)
    status = models.CharField(_("status"), max_length=10, choices=Status)
    medium = models.CharField(_("medium"), max_length=10, choices=Medium, default=Medium.EMAIL)
    address = models.TextField(_("address"), blank=True, help_text=_("Emptied once the request is settled."))
    address_key = models.UUIDField(_("address key"))
    key_id = models.SmallIntegerField()
    prospect = models.ForeignKey(
        Prospect, models.DO_NOTHING, related_name="rights", verbose_name=_("prospect"), null=True, db_index=False
    )
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.FRENCH)
    words = models.TextField(
        _("in the person's words"), blank=True, help_text=_("Emptied once the request is settled.")
    )
    identity = models.CharField(
        _("how identity was shown"),
        max_length=200,
        blank=True,
        help_text=_("Such as: called back on the number on record. Name nobody, copy no identity card."),
    )
    asked_at = models.DateTimeField(_("came on"))
    due_on = models.DateField(_("answer due on"))
    link_expires_at = models.DateTimeField(_("link good until"), null=True)
    extended_why = models.CharField(_("why more time is needed"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("answered on"), null=True)
    answer = models.CharField(_("answer"), max_length=1000, blank=True)
    notes_withheld = models.BooleanField(_("staff's notes left out"), default=False)
    file_until = models.DateTimeField(_("file given until"), null=True)
    to_tell = models.JSONField(
        _("recipients to be told"),
        default=list,
        db_default=Value([], models.JSONField()),
        help_text=_("Who had received which address from us (GDPR art. 19). Emptied once they are told."),
    )
    recipients_told_at = models.DateTimeField(_("recipients told on"), null=True)
    news = models.CharField(_("mailed last"), max_length=10, choices=News, blank=True)
    mail_due = models.BooleanField(_("mail due"), default=False)
    reminders = models.PositiveSmallIntegerField(_("reminders sent"), default=0)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("handled by"), null=True, related_name="+"
    )

    objects = RightsRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request of a person")
        verbose_name_plural = _("requests of people")
        ordering = ["-pk"]
        permissions = [("answer_requests", _("Can answer the requests of people"))]
        constraints = [
            models.UniqueConstraint(
                fields=["address_key", "right"], condition=Q(status="unproven"), name="one_unproven_request_each"
            ),
            models.CheckConstraint(
                condition=~Q(status="unproven") | Q(door="page", link_expires_at__isnull=False),
                name="an_unproven_request_has_a_link_that_ends",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["unproven", "open"], answered_at=None)
                | Q(status__in=["done", "refused"], answered_at__isnull=False),
                name="an_answer_has_its_day",
            ),
            models.CheckConstraint(condition=~Q(status="refused") | ~Q(answer=""), name="a_refusal_says_why"),
            models.CheckConstraint(
                condition=Q(status="unproven") | ~Q(identity=""), name="identity_was_shown_before_all_else"
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], condition=Q(status="open"), name="requests_to_be_answered"),
            models.Index(fields=["id"], condition=Q(mail_due=True), name="requests_to_be_mailed"),
            models.Index(fields=["prospect"], condition=Q(prospect__isnull=False), name="rights_of_a_prospect"),
            models.Index(fields=["address_key"], name="requests_of_an_address"),
            models.Index(fields=["id"], condition=~Q(to_tell=[]), name="requests_to_be_passed_on"),
        ]

    def __str__(self) -> str:
        return gettext("Request № %(number)s: %(right)s") % {"number": self.pk, "right": self.get_right_display()}

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN

    def is_late(self, today: date) -> bool:
        """Whether the law's term is over."""
        return self.is_open and self.due_on < today

    def gives_file(self, at: datetime) -> bool:
        """Whether whoever has the link of its file may still take it."""
        return self.file_until is not None and at < self.file_until
