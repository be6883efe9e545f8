"""How each thing that happened with a person is told to staff. An upper app tells its own in the same way."""

from datetime import date, datetime
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import TextChoices
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from consent.markdown import to_html
from consent.models import Act
from consent.vocabulary import Channel
from prospects.access import ANSWER_REQUESTS
from prospects.admin.panels import when
from prospects.models import CallAttempt, Interaction, RightsRequest, Source
from prospects.timeline import Chapter, Entry, add_chapter

_SOURCES = """
SELECT coalesce(source.collected_at, source.obtained_at) AS at, source.id, jsonb_build_object(
    'kind', source.kind, 'address', detail.address, 'place', source.place, 'partner', source.partner,
    'collected_by', source.collected_by, 'informed', source.informed, 'told_at', source.told_at,
    'notice', notice.code || ' v' || notice.version, 'further', source.also_of_id IS NOT NULL) AS facts
FROM prospects_source AS source
JOIN prospects_contactdetail AS detail ON detail.source_id = source.id OR detail.id = source.also_of_id
LEFT JOIN consent_notice AS notice ON notice.id = source.notice_id
WHERE source.prospect_id = {prospect} AND detail.prospect_id = {prospect}
"""
_ACTS = """
SELECT act.at, act.id, jsonb_build_object(
    'kind', act.kind, 'channel', act.channel, 'purpose_fr', purpose.name_fr, 'purpose_en', purpose.name_en,
    'origin', act.origin, 'address', detail.address, 'notice', notice.code || ' v' || notice.version,
    'label', CASE act.language WHEN 'en' THEN box.label_en ELSE box.label_fr END,
    'information', CASE act.language WHEN 'en' THEN notice.information_en ELSE notice.information_fr END,
    'scan', act.evidence ->> 'scan') AS facts
FROM consent_act AS act
JOIN prospects_contactdetail AS detail ON detail.address_key = act.address_key AND detail.prospect_id = {prospect}
LEFT JOIN consent_purpose AS purpose ON purpose.id = act.purpose_id
LEFT JOIN consent_notice AS notice ON notice.id = act.notice_id
LEFT JOIN consent_box AS box ON box.id = act.box_id
WHERE act.address_key = ANY({keys})
"""
_INTERACTIONS = """
SELECT at, id, jsonb_build_object('kind', kind) AS facts FROM prospects_interaction WHERE prospect_id = {prospect}
"""
_PURCHASES = """
SELECT at, id, jsonb_build_object('family', family, 'reference', reference) AS facts
FROM prospects_purchase WHERE prospect_id = {prospect}
"""
_CONTRACTS = """
SELECT starts_on::timestamp AT TIME ZONE 'Europe/Paris' AS at, id,
    jsonb_build_object('families', families, 'ends_on', ends_on) AS facts
FROM prospects_contract WHERE prospect_id = {prospect}
"""
_REQUESTS = """
SELECT at, id, jsonb_build_object('families', families, 'evidence', evidence) AS facts
FROM prospects_informationrequest WHERE prospect_id = {prospect}
"""
_CALLS = """
SELECT at, id, jsonb_build_object('outcome', outcome, 'note', note, 'agreed_from', agreed_from,
    'agreed_until', agreed_until) AS facts
FROM prospects_callattempt WHERE prospect_id = {prospect}
"""
_HOLDS = """
SELECT starts_at AS at, id, jsonb_build_object('reason', reason, 'ends_at', ends_at,
    'forbids_erasure', forbids_erasure) AS facts
FROM prospects_legalhold WHERE prospect_id = {prospect}
"""
_RIGHTS = """
SELECT asked_at AS at, id, jsonb_build_object('right', "right", 'door', door, 'status', status,
    'answered_at', answered_at) AS facts
FROM prospects_rightsrequest WHERE prospect_id = {prospect} AND status <> 'unproven'
"""
_STAFF = """
SELECT entry.action_time AS at, entry.id, jsonb_build_object('flag', entry.action_flag,
    'message', entry.change_message, 'by', member.username) AS facts
FROM django_admin_log AS entry JOIN auth_user AS member ON member.id = entry.user_id
WHERE entry.object_id = {prospect}::text AND entry.content_type_id = (
    SELECT id FROM django_content_type WHERE app_label = 'prospects' AND model = 'prospect')
"""


def _source(entry: Entry, request: HttpRequest) -> SafeString:
    facts = entry.facts
    said = _("Collected again") if facts["further"] else _("Collected")
    informed = _("informed, free to refuse") if facts["informed"] else _("not informed at collection")
    if facts["told_at"]:
        informed = _("told by us on %(day)s") % {"day": when(datetime.fromisoformat(facts["told_at"]))}
    return told(
        f"{said}: {label(Source.Kind, facts['kind'])}",
        facts["address"],
        facts["partner"],
        facts["place"],
        facts["collected_by"],
        informed,
        facts["notice"],
    )


def _act(entry: Entry, request: HttpRequest) -> SafeString:
    facts = entry.facts
    kind = capfirst(label(Act.Kind, facts["kind"]))
    if request.user.has_perm("consent.view_act"):
        kind = link(reverse("admin:consent_act_change", args=[entry.pk]), kind)
    stops = facts["kind"] in (Act.Kind.WITHDRAWN, Act.Kind.OBJECTED, Act.Kind.LAPSED)
    channel = label(Channel, facts["channel"]) if facts["channel"] else (_("all channels") if stops else "")
    purpose = bilingual(facts, "purpose") or (_("all purposes") if stops else "")
    scan = ""
    if facts["scan"] and request.user.has_perm("consent.view_scan"):
        scan = link(reverse("admin:consent_scan_file", args=[facts["scan"]]), _("Save the scan"))
    line = told(kind, purpose, channel, facts["address"], label(Act.Origin, facts["origin"]), scan)
    return format_html("{}{}", line, _wording(facts))


def _wording(facts: dict[str, Any]) -> str | SafeString:
    if not facts["notice"]:
        return ""
    return format_html(
        '<details class="wording"><summary>{}</summary><div class="notice">{}</div></details>',
        _("“%(words)s”") % {"words": facts["label"]} if facts["label"] else facts["notice"],
        to_html(facts["information"]),
    )


def _interaction(entry: Entry, request: HttpRequest) -> SafeString:
    return told(label(Interaction.Kind, entry.facts["kind"]))


def _purchase(entry: Entry, request: HttpRequest) -> SafeString:
    facts = entry.facts
    return told(_("Bought"), facts["family"], facts["reference"])


def _contract(entry: Entry, request: HttpRequest) -> SafeString:
    facts = entry.facts
    end = date.fromisoformat(facts["ends_on"]) if facts["ends_on"] else None
    until = _("until %(day)s") % {"day": date_format(end, "j N Y")} if end else _("open-ended")
    return told(_("Contract begins"), ", ".join(facts["families"]), until)


def _request(entry: Entry, request: HttpRequest) -> SafeString:
    return told(_("Asked for information"), ", ".join(entry.facts["families"]), entry.facts["evidence"])


def _call(entry: Entry, request: HttpRequest) -> SafeString:
    facts = entry.facts
    slot = ""
    if facts["agreed_from"] and facts["agreed_until"]:
        slot = _("agreed slot from %(start)s until %(end)s") % {
            "start": when(datetime.fromisoformat(facts["agreed_from"])),
            "end": when(datetime.fromisoformat(facts["agreed_until"])),
        }
    return told(_("Called"), label(CallAttempt.Outcome, facts["outcome"]), slot, facts["note"])


def _hold(entry: Entry, request: HttpRequest) -> SafeString:
    facts = entry.facts
    until = _("until %(day)s") % {"day": when(datetime.fromisoformat(facts["ends_at"]))}
    erasure = _("nothing may be erased") if facts["forbids_erasure"] else _("erasure stays possible")
    return told(_("Legal hold"), facts["reason"], until, erasure)


def _rights(entry: Entry, request: HttpRequest) -> SafeString:
    facts = entry.facts
    what = _("Asked about their data: %(right)s") % {"right": label(RightsRequest.Right, facts["right"])}
    if request.user.has_perm(ANSWER_REQUESTS):
        what = link(reverse("request", args=[entry.pk]), what)
    answered = when(datetime.fromisoformat(facts["answered_at"])) if facts["answered_at"] else ""
    door, status = label(RightsRequest.Door, facts["door"]), label(RightsRequest.Status, facts["status"])
    return told(what, door, status, answered)


def _staff(entry: Entry, request: HttpRequest) -> SafeString:
    return told(staff_act(entry.facts["flag"], entry.facts["message"]), entry.facts["by"])


def staff_act(flag: int, message: str) -> str:
    """Say in the reader's language what a line of Django's log records: our own words are kept in English there."""
    entry = LogEntry(action_flag=flag, change_message=message)
    said = entry.get_change_message()
    if said == message and message:
        return _(message)
    return said or (_("Changed.") if flag == CHANGE else entry.get_action_flag_display())


CHAPTERS = (
    Chapter("source", gettext_lazy("Sources"), _SOURCES, _source),
    Chapter("act", gettext_lazy("Consents and objections"), _ACTS, _act),
    Chapter("interaction", gettext_lazy("What the person did"), _INTERACTIONS, _interaction),
    Chapter("purchase", gettext_lazy("Purchases"), _PURCHASES, _purchase),
    Chapter("contract", gettext_lazy("Contracts"), _CONTRACTS, _contract),
    Chapter("request", gettext_lazy("Requests"), _REQUESTS, _request),
    Chapter("call", gettext_lazy("Calls"), _CALLS, _call),
    Chapter("hold", gettext_lazy("Holds"), _HOLDS, _hold),
    Chapter("rights", gettext_lazy("Requests about their data"), _RIGHTS, _rights),
    Chapter("staff", gettext_lazy("Staff acts"), _STAFF, _staff),
)


def add_chapters() -> None:
    """Tell of them on every person's page."""
    for chapter in CHAPTERS:
        add_chapter(chapter)


# ---- What chapters are written with ----


def told(what: str | SafeString, *parts: str | None) -> SafeString:
    """One line: what happened, and the rest of it."""
    rest = format_html_join("", " <span>{}</span>", ((part,) for part in parts if part))
    return format_html("<strong>{}</strong>{}", what if isinstance(what, SafeString) else capfirst(what), rest)


def label(choices: type[TextChoices], value: str) -> str:
    return str(dict(choices.choices).get(value, value))


def link(address: str, text: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', address, text)


def bilingual(facts: dict[str, Any], name: str) -> str:
    """A text of staff's, in the language of whoever reads."""
    return facts[f"{name}_{get_language()}"] or facts[f"{name}_fr"] or ""
