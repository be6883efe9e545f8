from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Picture(models.Model):
    """A picture as pages and mails show it, named by its digest: the same picture is kept once, and never changes."""

    class ContentType(models.TextChoices):
        PNG = "image/png", "PNG"
        JPEG = "image/jpeg", "JPEG"

    digest = models.CharField(_("digest"), max_length=64, primary_key=True)
    content_type = models.CharField(_("content type"), max_length=20, choices=ContentType)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    size = models.PositiveIntegerField(_("size in bytes"))
    content = models.BinaryField(_("content"))
    added_at = models.DateTimeField(_("added on"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-added_at", "digest"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(digest__regex="^[0-9a-f]{64}$"), name="a_picture_is_named_by_its_digest"
            ),
            models.CheckConstraint(
                condition=models.Q(width__gt=0, height__gt=0, size__gt=0), name="a_picture_shows_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.digest[:12]} ({self.width} × {self.height})"

    def get_absolute_url(self) -> str:
        extension = "png" if self.content_type == self.ContentType.PNG else "jpg"
        return reverse("picture", args=[self.digest, extension])

    @property
    def address(self) -> str:
        """Where a mail finds it."""
        return f"{settings.SITE_URL}{self.get_absolute_url()}"
