"""How things stand with a person, read-only: addresses and where they came from, objections, permissions."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from consent.models import Objection, Permission
from prospects.admin.panels import LATEST, Panel, PersonPage, latest, panel, when, yes_no
from prospects.models import ContactDetail, Source


@panel
def addresses(page: PersonPage) -> Panel:
    rows, is_cut = page.details[:LATEST], len(page.details) > LATEST
    return Panel(
        title=_("Addresses and where they came from"),
        headings=[_("address"), _("state"), *_source_headings(), _("last sign of life")],
        rows=[
            [
                format_html("<strong>{}</strong><br>{}", detail.address, detail.get_medium_display()),
                detail.get_state_display(),
                *_source_cells(detail.source, _mend(detail)),
                when(detail.active_at),
            ]
            for detail in rows
        ],
        if_empty=_("No address."),
        is_cut=is_cut,
    )


@panel
def objections(page: PersonPage) -> Panel:
    rows, is_cut = latest(
        Objection.objects.filter(address_key__in=page.address_of).select_related("purpose").order_by("-at")
    )
    return Panel(
        title=_("Objections"),
        headings=[_("on"), _("address"), _("channel"), _("purpose")],
        rows=[
            [
                when(objection.at),
                page.address_of[objection.address_key],
                objection.get_channel_display() or _("all"),
                objection.purpose or _("all"),
            ]
            for objection in rows
        ],
        if_empty=_("None. Record one as soon as the person says so, by phone, letter or in person."),
        is_cut=is_cut,
    )


@panel
def permissions(page: PersonPage) -> Panel:
    rows, is_cut = latest(
        Permission.objects.filter(address_key__in=page.address_of).select_related("purpose").order_by("pk")
    )
    return Panel(
        title=_("Permissions"),
        headings=[_("purpose"), _("channel"), _("address"), _("given"), _("confirmed"), _("ended")],
        rows=[
            [
                permission.purpose,
                permission.get_channel_display(),
                page.address_of[permission.address_key],
                when(permission.given_at),
                when(permission.confirmed_at) if permission.needs_confirmation else _("not needed"),
                when(permission.withdrawn_at or permission.lapsed_at),
            ]
            for permission in rows
        ],
        if_empty=_("None."),
        is_cut=is_cut,
    )


def _source_headings() -> list[str]:
    return [_("source"), _("collected"), _("where, by whom"), _("notice shown"), _("informed")]


def _source_cells(source: Source, mend: str | SafeString = "") -> list[object]:
    where = " · ".join(filter(None, (source.partner, source.place, source.collected_by))) or "—"
    kind = format_html("{} {}", source.get_kind_display(), mend)
    return [kind, when(source.collected_at), where, source.notice or "—", yes_no(source.informed)]


def _mend(detail: ContactDetail) -> str | SafeString:
    if detail.source.kind != Source.Kind.UNKNOWN:
        return ""
    address = reverse("admin:prospects_prospect_source", args=[detail.prospect_id, detail.source_id])
    return format_html('<br><a href="{}">{}</a>', address, _("Record the source"))
