import secrets

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from campaigns.models.message import Message

LONGEST_ADDRESS = 2000


def _new_token() -> str:
    return secrets.token_urlsafe(16)


class Link(models.Model):
    """A link of a campaign whose clicks are counted, without knowing whose."""

    campaign = models.ForeignKey(Campaign, models.DO_NOTHING, related_name="links", verbose_name=_("campaign"))
    url = models.CharField(_("address"), max_length=LONGEST_ADDRESS)
    token = models.CharField(max_length=22, unique=True, default=_new_token, editable=False)
    clicks = models.PositiveIntegerField(_("clicks"), default=0, db_default=0)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["-clicks", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "url"], name="one_link_for_each_address"),
            models.CheckConstraint(
                condition=models.Q(url__startswith="https://") | models.Q(url__startswith="http://"),
                name="a_link_leads_to_a_site",
            ),
        ]

    def __str__(self) -> str:
        return self.url


class Click(models.Model):
    """A click of somebody who agreed to tracking, for the minute in which a robot would give itself away."""

    link = models.ForeignKey(Link, models.DO_NOTHING, related_name="+", verbose_name=_("link"))
    message = models.ForeignKey(Message, models.DO_NOTHING, related_name="+", verbose_name=_("message"))
    at = models.DateTimeField(_("on"), db_default=Now())

    class Meta:
        verbose_name = _("click")
        verbose_name_plural = _("clicks")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"
