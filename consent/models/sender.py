from collections.abc import Collection

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class SenderQuerySet(models.QuerySet["Sender"]):
    def active(self) -> "SenderQuerySet":
        return self.filter(is_active=True)

    def default(self) -> "Sender":
        """Return who writes where nobody else is chosen; somebody without an address until staff fill one in."""
        return self.filter(is_default=True).first() or Sender(is_default=True)


class Sender(models.Model):
    """Somebody in whose name mails leave: what stands in From and Reply-To."""

    name = models.CharField(_("name shown"), max_length=100)
    address = models.EmailField(_("address"), help_text=_("Its domain must let your servers send: see the check page."))
    reply_to = models.EmailField(
        _("address for replies"),
        blank=True,
        help_text=_("Where answers to mails go; the organisation's e-mail for questions if empty."),
    )
    is_default = models.BooleanField(
        _("the default one"),
        default=False,
        help_text=_("Signs confirmations and other mails of the service, and campaigns that choose nobody else."),
    )
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Campaigns that are not scheduled yet cannot leave from an inactive one."),
    )

    objects = SenderQuerySet.as_manager()

    class Meta:
        verbose_name = _("sender")
        verbose_name_plural = _("senders")
        ordering = ["-is_default", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("address"),
                name="one_sender_each_address",
                violation_error_message=_("Another sender has this address."),
            ),
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="one_default_sender"),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(is_active=True), name="the_default_sender_is_active"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>"

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower()

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Leave the one default to `keep`, under which the one before gives way."""
        super().validate_constraints(exclude={*(exclude or ()), "is_default"})

    @transaction.atomic
    def keep(self) -> None:
        """Save it; where it is to be the default, the one before gives way, and the first of all always is."""
        others = list(Sender.objects.select_for_update().exclude(pk=self.pk).order_by("pk"))
        if self.is_default:
            Sender.objects.filter(pk__in=[other.pk for other in others], is_default=True).update(is_default=False)
        elif not others:
            self.is_default = True
        self.save()
