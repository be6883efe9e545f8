from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.admin.base import URLS_ARE_HTTPS, ModelAdmin
from consent.colours import WHITE, Rgb, contrast, shades
from consent.models import Organisation, Purpose, Sender
from consent.organisation_form import OrganisationForm


@admin.register(Organisation)
class OrganisationAdmin(ModelAdmin):
    """The one organisation: its page instead of a list, whether or not it was filled in."""

    form = OrganisationForm
    formfield_overrides = URLS_ARE_HTTPS
    readonly_fields = ["logo_shown", "how_the_colour_reads", "senders"]
    fieldsets = [
        (None, {"fields": ["name", "legal_identity", "address", "website"]}),
        (
            _("How its pages look"),
            {"fields": ["logo_shown", "new_logo", "without_logo", "colour", "how_the_colour_reads"]},
        ),
        (_("Who answers questions"), {"fields": ["email", "phone", "data_protection_contact"]}),
        (_("Who signs the mails"), {"fields": ["senders"]}),
        (_("Four eyes"), {"fields": ["approval_needed"]}),
    ]

    @admin.display(description=_("logo"))
    def logo_shown(self, organisation: Organisation) -> str:
        if organisation.logo is None:
            return "—"
        return format_html(
            '<img class="logo" src="{}" alt="{}">', organisation.logo.get_absolute_url(), organisation.name
        )

    @admin.display(description=_("how it reads"))
    def how_the_colour_reads(self, organisation: Organisation) -> str:
        """Say what becomes of the colour where text is written on it or in it."""
        found = shades(organisation.colour.removeprefix("#"))
        said = _("On buttons: %(ink)s letters, contrast %(ratio)s:1.") % {
            "ink": _("white") if found.ink == WHITE else _("black"),
            "ratio": _ratio(found.ink, found.fill),
        }
        if found.on_light != found.fill:
            said += " " + _("Too light to be read on a white page (%(ratio)s:1): links are in a darker shade.") % {
                "ratio": _ratio(found.fill, WHITE)
            }
        return said

    @admin.display(description=_("senders"))
    def senders(self, organisation: Organisation) -> str:
        """List them, with a way to the page where they are added and changed."""
        listed = format_html_join(
            "", "<li>{}{}</li>", ((str(sender), _state(sender)) for sender in Sender.objects.all())
        )
        link = format_html(
            '<a href="{}">{}</a>', reverse("admin:consent_sender_changelist"), _("Add or change senders")
        )
        return format_html("<ul>{}</ul>{}", listed, link)

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        obj.logo = form.cleaned_data["kept_logo"]
        super().save_model(request, obj, form, change)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:consent_organisation_change", args=[1]))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Organisation:
        return Organisation.objects.current()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Purpose)
class PurposeAdmin(ModelAdmin):
    list_display = ["slug", "name_fr", "name_en", "partner"]
    when_empty = _("No purpose yet. Name the first thing that people may say yes or no to, such as a monthly letter.")
    prepopulated_fields = {"slug": ["name_fr"]}

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else self.prepopulated_fields


def _state(sender: Sender) -> str:
    if sender.is_default:
        return gettext(" (the default one)")
    return "" if sender.is_active else gettext(" (inactive)")


def _ratio(one: Rgb, other: Rgb) -> str:
    return number_format(contrast(one, other), 1)
