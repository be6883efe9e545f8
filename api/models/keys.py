from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What a key may do. A program gets those that it needs, and no other."""

    SIGNUPS = "signups:write", _("sign people up")
    PURCHASES = "purchases:write", _("record purchases")
    INTERACTIONS = "interactions:write", _("record interactions")
    OBJECTIONS = "objections:write", _("record objections")
    CONSENTS = "consents:write", _("record consents with their proof")
    PERMISSIONS = "permissions:read", _("read permissions and verdicts")
    CAMPAIGNS_READ = "campaigns:read", _("read campaigns and their figures")
    CAMPAIGNS = "campaigns:write", _("write, schedule and stop campaigns")


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self, at: datetime) -> "ApiKeyQuerySet":
        return self.filter(revoked_at=None).filter(Q(expires_at=None) | Q(expires_at__gt=at))


class ApiKey(models.Model):
    """A program's key. Its secret is shown once, and kept as a digest alone."""

    name = models.CharField(_("name"), max_length=100, help_text=_("Which program uses it."))
    prefix = models.CharField(_("beginning"), max_length=12, unique=True, editable=False)
    digest = models.BinaryField(max_length=32, editable=False)
    scopes = ArrayField(models.CharField(max_length=30, choices=Scope), verbose_name=_("allowed to"))
    per_minute = models.PositiveIntegerField(_("requests a minute"), default=600)
    expires_at = models.DateTimeField(_("ends on"), null=True, blank=True)
    created_at = models.DateTimeField(_("made on"), db_default=Now(), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("made by"), null=True, editable=False
    )
    used_at = models.DateTimeField(_("last used on"), null=True, editable=False, help_text=_("To the minute."))
    revoked_at = models.DateTimeField(_("revoked on"), null=True, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("key of the program interface")
        verbose_name_plural = _("keys of the program interface")
        ordering = ["-pk"]
        permissions = [("keep_keys", _("Can make and revoke keys of the program interface"))]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class IdempotentRequest(models.Model):
    """A request that named itself, with its answer: asked again within a day, it gets the same and does nothing."""

    key = models.ForeignKey(ApiKey, models.CASCADE)
    name = models.CharField(max_length=255)
    digest = models.BinaryField(max_length=32, help_text=_("Of method, path and body."))
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("idempotent request")
        verbose_name_plural = _("idempotent requests")
        constraints = [models.UniqueConstraint(fields=["key", "name"], name="one_request_per_name")]
        indexes = [models.Index(fields=["made_at"], name="requests_by_age")]

    def __str__(self) -> str:
        return f"{self.key_id} {self.made_at:%Y-%m-%d %H:%M}"
