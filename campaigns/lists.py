"""The lists about campaigns that may be taken out: what became of one, and whom a provider may reach for it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.db import connection
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from psycopg.sql import SQL, Composable, Composed, Literal

from campaigns.models import Campaign, Message, Segment
from campaigns.words import all_outcomes
from consent.law import CODES, Ground
from consent.vocabulary import Medium
from prospects.exports.listings import Chosen, Listing, in_words, on_the_clock, register
from prospects.models import ContactDetail, Export, ExtraField, Source
from prospects.reach import verdicts_sql

_NAMES = (_("first name"), _("last name"), _("company"), _("address"))
_GROUNDS = {code: str(outcome) for outcome, code in CODES.items() if isinstance(outcome, Ground)}


class LaunchedForm(forms.Form):
    """Which campaign the results are of."""

    campaign = forms.ModelChoiceField(Campaign.objects.exclude(launched_at=None), label=_("Campaign"))


class SegmentForm(forms.Form):
    """Which part of the people known."""

    segment = forms.ModelChoiceField(Segment.objects.all(), label=_("Segment"))


class HandOverForm(forms.Form):
    """Which message the provider is to send, print or say."""

    campaign = forms.ModelChoiceField(
        Campaign.objects.exclude(status=Campaign.Status.CANCELLED),
        label=_("Campaign"),
        help_text=_("Its channel, its purpose and what it is about decide whom the law allows."),
    )


def _about(chosen: Chosen) -> dict[str, Any]:
    return {"campaign": chosen["campaign"].pk, "name": chosen["campaign"].name}


def _with_extra_fields(listing: Listing) -> Listing:
    fields = list(ExtraField.objects.all())
    labels = tuple(field.label for field in fields)
    return replace(listing, columns=(*listing.columns, *labels), statement=partial(_segment, extras=fields))


def _extra_cell(field: ExtraField) -> Composable:
    """A value as spreadsheets read it."""
    if field.kind != ExtraField.Kind.YES_NO:
        return SQL("prospect.extra ->> {}").format(Literal(field.slug))
    return SQL("CASE prospect.extra ->> {} WHEN 'true' THEN {} WHEN 'false' THEN {} END").format(
        Literal(field.slug), Literal(gettext("yes")), Literal(gettext("no"))
    )


def _segment(export: Export, chosen: Chosen, *, extras: Sequence[ExtraField] = ()) -> Composed:
    """Everybody in it with each address and its source, whatever the law says of writing to them."""
    within = chosen["segment"].chosen.condition(export.made_at)
    return SQL("""
        SELECT prospect.id, prospect.first_name, prospect.last_name, prospect.company, {medium}, detail.address,
            {state}, {source}, {collected}, {active}{extras}
        FROM prospects_contactdetail AS detail
        JOIN prospects_prospect AS prospect ON prospect.id = detail.prospect_id
        JOIN prospects_source AS source ON source.id = detail.source_id
        WHERE {within} ORDER BY detail.prospect_id, detail.id
    """).format(
        medium=in_words("detail.medium", dict(Medium.choices)),
        state=in_words("detail.state", dict(ContactDetail.State.choices)),
        source=in_words("source.kind", dict(Source.Kind.choices)),
        collected=on_the_clock("source.collected_at"),
        active=on_the_clock("detail.active_at"),
        within=within or SQL("true"),
        extras=SQL("").join(SQL(", {}").format(_extra_cell(field)) for field in extras),
    )


def _results(_export: Export, chosen: Chosen) -> Composed:
    return SQL("""
        SELECT prospect.id, detail.address, {status}, {ground}, {reason}, {ended}
        FROM campaigns_message AS message
        LEFT JOIN prospects_contactdetail AS detail ON detail.id = message.detail_id
        LEFT JOIN prospects_prospect AS prospect ON prospect.id = detail.prospect_id
        WHERE message.campaign_id = {campaign} ORDER BY message.id
    """).format(
        status=in_words("message.status", dict(Message.Status.choices)),
        ground=in_words("message.ground", all_outcomes()),
        reason=in_words("message.reason", all_outcomes()),
        ended=on_the_clock("message.ended_at"),
        campaign=Literal(chosen["campaign"].pk),
    )


def _hand_over(export: Export, chosen: Chosen, at: datetime) -> None:
    """Ask the law about everybody, now, and keep whom it allows and on which ground: one statement."""
    campaign = chosen["campaign"]
    statement = SQL("""
        INSERT INTO prospects_handedover (export_id, detail_id, ground)
        SELECT {export}, verdict.detail_id, ground.name
        FROM ({verdicts}) AS verdict
        JOIN unnest({codes}::int[], {grounds}::text[]) AS ground (code, name) ON ground.code = verdict.code
    """).format(
        export=Literal(export.pk),
        verdicts=verdicts_sql(campaign.as_law_message(), at, among=campaign.chosen_filter.condition(at)),
        codes=Literal(list(_GROUNDS)),
        grounds=Literal(list(_GROUNDS.values())),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _handed_over(export: Export, _chosen: Chosen) -> Composed:
    return SQL("""
        SELECT prospect.first_name, prospect.last_name, prospect.company, detail.address, {ground}
        FROM prospects_handedover AS handed
        JOIN prospects_contactdetail AS detail ON detail.id = handed.detail_id
        JOIN prospects_prospect AS prospect ON prospect.id = detail.prospect_id
        WHERE handed.export_id = {export} ORDER BY handed.detail_id
    """).format(ground=in_words("handed.ground", all_outcomes()), export=Literal(export.pk))


register(
    Listing(
        key="segment",
        title=_("People of a segment"),
        explanation=_("Each address with its source. Being in it allows nobody to write to them."),
        columns=(
            *(_("prospect"), *_NAMES[:3], _("medium"), _("address"), _("state"), _("source"), _("collected on")),
            _("last sign of life"),
        ),
        statement=_segment,
        form=SegmentForm,
        widened=_with_extra_fields,
        about=lambda chosen: {"segment": chosen["segment"].pk, "name": chosen["segment"].name},
    ),
    Listing(
        key="campaign_results",
        title=_("Results of a campaign"),
        explanation=_("What became of each message, on which ground or for which reason."),
        columns=(_("prospect"), _("address"), _("status"), _("ground"), _("reason"), _("ended on")),
        statement=_results,
        form=LaunchedForm,
        about=_about,
    ),
    Listing(
        key="hand_over",
        title=_("Hand-over list for an outside provider"),
        explanation=_("Only those whom the law allows for this campaign's message at this moment, with the ground."),
        columns=(*_NAMES, _("ground")),
        statement=_handed_over,
        form=HandOverForm,
        about=_about,
        leaves=True,
        prepare=_hand_over,
    ),
)
