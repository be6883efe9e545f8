"""The senders among whom campaigns choose. It stands with campaigns, since it tells which of them a change concerns."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.models import Campaign, Series
from consent.admin.base import ModelAdmin
from consent.models import Sender

Status = Campaign.Status
_NAMED = 5

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Sender]
else:
    ModelForm = forms.ModelForm


class SenderForm(ModelForm):
    """There always is one default sender, and it is active: another takes its place, nobody just lets it go."""

    class Meta:
        model = Sender
        fields = ("name", "address", "reply_to", "is_default", "is_active")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "is_default" in self.changed_data and not cleaned.get("is_default") and self.instance.pk:
            self.add_error("is_default", _("Make another sender the default one: it takes this one's place."))
        elif cleaned.get("is_default") and not cleaned.get("is_active"):
            self.add_error("is_active", _("The default sender stays active. Make another the default one first."))
        return cleaned


@admin.register(Sender)
class SenderAdmin(ModelAdmin):
    form = SenderForm
    list_display = ["name", "address", "reply_to", "is_default", "is_active"]
    when_empty = gettext_lazy(
        "No sender yet. Name the first: the name and the address that people see their mail come from."
    )

    def save_model(self, request: HttpRequest, obj: Sender, form: Any, change: bool) -> None:
        obj.keep()
        if "is_active" in form.changed_data and not obj.is_active:
            _tell_whom_it_concerns(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Name the campaigns that keep a sender from being deleted, whether or not one might delete them."""
        listed, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        return listed, counts, forbidden - {Campaign._meta.verbose_name}, protected

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.is_default)


def _tell_whom_it_concerns(request: HttpRequest, sender: Sender) -> None:
    """Say what goes on in an inactive sender's name all the same, and what waits until another is chosen."""
    going_on = sender.campaigns.exclude(status__in=[Status.DRAFT, Status.DONE, Status.CANCELLED])
    series = Series.objects.exclude(status=Series.Status.ENDED).filter(original__sender=sender)
    drafts = sender.campaigns.drafts().exclude(pk__in=series.values("original"))
    for rows, say in ((going_on, _going_on), (drafts, _to_be_changed), (series, _to_pause)):
        names = [str(row) for row in rows]
        if names:
            told = ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
            messages.warning(request, say(len(names)) % {"count": len(names), "names": told})


def _going_on(count: int) -> str:
    return ngettext(
        "%(count)s campaign still leaves in its name, unless it is stopped: %(names)s.",
        "%(count)s campaigns still leave in its name, unless they are stopped: %(names)s.",
        count,
    )


def _to_be_changed(count: int) -> str:
    return ngettext(
        "%(count)s draft needs another sender before it can be scheduled: %(names)s.",
        "%(count)s drafts need another sender before they can be scheduled: %(names)s.",
        count,
    )


def _to_pause(count: int) -> str:
    return ngettext(
        "%(count)s series pauses at its next time, unless another sender is chosen: %(names)s.",
        "%(count)s series pause at their next time, unless another sender is chosen: %(names)s.",
        count,
    )
