from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Scan(models.Model):
    """The picture of a paper on which somebody consented. It is a proof: it ends with the acts that name its digest."""

    class ContentType(models.TextChoices):
        PDF = "application/pdf", "PDF"
        PNG = "image/png", "PNG"
        JPEG = "image/jpeg", "JPEG"

    digest = models.CharField(_("digest"), max_length=64, primary_key=True)
    content_type = models.CharField(_("content type"), max_length=20, choices=ContentType)
    content = models.BinaryField(_("content"))
    address_keys = ArrayField(
        models.UUIDField(), verbose_name=_("address keys"), help_text=_("Whose consents it proves.")
    )
    given_at = models.DateTimeField(_("given on"))
    added_at = models.DateTimeField(_("added on"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("scan of a paper")
        verbose_name_plural = _("scans of papers")
        constraints = [
            models.CheckConstraint(condition=Q(digest__regex="^[0-9a-f]{64}$"), name="a_scan_is_named_by_its_digest"),
            models.CheckConstraint(condition=~Q(address_keys=[]), name="a_scan_proves_something"),
        ]
        indexes = [GinIndex(fields=["address_keys"], name="scans_of_an_address")]

    def __str__(self) -> str:
        return self.digest[:12]

    @property
    def file_name(self) -> str:
        """How it is called when it is saved: nobody is named."""
        extension = {self.ContentType.PDF: "pdf", self.ContentType.PNG: "png", self.ContentType.JPEG: "jpg"}
        return f"{self.digest[:12]}.{extension[self.ContentType(self.content_type)]}"
