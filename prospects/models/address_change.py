import uuid
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consent.vocabulary import Language
from prospects.models.detail import ContactDetail

# The same statement whether somebody is known by this key or nobody: the answer, and its time, tell nothing.
_ASK = """
INSERT INTO prospects_addresschange (id, detail_id, new_address, language, mails_due, ticked, old_network, new_network,
    asked_at, expires_at)
SELECT %(id)s, id, %(new_address)s, %(language)s, true, '{}', '', '', %(at)s, %(expires_at)s
FROM prospects_contactdetail
WHERE address_key = %(key)s AND medium = 'email' AND address <> %(new_address)s
ON CONFLICT (detail_id) DO UPDATE SET
    id = excluded.id, new_address = excluded.new_address, language = excluded.language, mails_due = true,
    ticked = '{}', old_network = '', new_network = '', old_confirmed_at = NULL, new_confirmed_at = NULL,
    asked_at = excluded.asked_at, expires_at = excluded.expires_at
"""

# Claimed before they leave, so that a sender that dies halfway mails nobody twice.
_CLAIM = """
UPDATE prospects_addresschange SET mails_due = false
WHERE id IN (SELECT id FROM prospects_addresschange WHERE mails_due AND expires_at > %s
    ORDER BY asked_at LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING *
"""


class AddressChangeQuerySet(models.QuerySet["AddressChange"]):
    def ask(self, key: UUID, new_address: str, *, language: str, at: datetime, expires_at: datetime) -> None:
        """Keep a wish in the place of an earlier one, if somebody is known by this key."""
        values: dict[str, Any] = {"id": uuid.uuid4(), "key": key, "new_address": new_address, "language": language}
        with connection.cursor() as cursor:
            cursor.execute(_ASK, values | {"at": at, "expires_at": expires_at})

    def claim_mails(self, limit: int, *, at: datetime) -> list["AddressChange"]:
        """Give changes whose mails are due to one sender only."""
        return list(self.raw(_CLAIM, [at, limit]).prefetch_related("detail"))

    def expired(self, at: datetime) -> "AddressChangeQuerySet":
        return self.filter(expires_at__lte=at)


class AddressChange(models.Model):
    """Somebody's wish to be written to at another address: it waits for a press in both mailboxes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    detail = models.OneToOneField(
        ContactDetail, models.DO_NOTHING, related_name="change", verbose_name=_("old address")
    )
    new_address = models.TextField(_("new address"))
    language = models.CharField(_("language shown"), max_length=2, choices=Language)
    mails_due = models.BooleanField(_("mails due"), default=True)
    ticked = ArrayField(models.BigIntegerField(), verbose_name=_("boxes ticked"), default=list)
    old_confirmed_at = models.DateTimeField(_("confirmed in the old mailbox on"), null=True)
    new_confirmed_at = models.DateTimeField(_("confirmed in the new mailbox on"), null=True)
    old_network = models.CharField(_("shortened IP"), max_length=50, blank=True)
    new_network = models.CharField(_("shortened IP"), max_length=50, blank=True)
    asked_at = models.DateTimeField(_("asked on"))
    expires_at = models.DateTimeField(_("expires on"))

    objects = AddressChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of address")
        verbose_name_plural = _("changes of address")
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("asked_at")), name="a_change_of_address_expires")
        ]
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(mails_due=True), name="changes_to_be_mailed"),
            models.Index(fields=["expires_at"], name="changes_by_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.detail_id} {self.asked_at:%Y-%m-%d}"
