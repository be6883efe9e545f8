"""What Loyal holds of a person below its campaigns: who they are, from where, what they said and did."""

from django.utils.translation import gettext_lazy as _

from consent.models import Act
from consent.vocabulary import Channel, Language, Medium
from prospects.models import CallAttempt, ContactDetail, Interaction, PendingSignup, Prospect, RightsRequest, Source
from prospects.rights import statements
from prospects.rights.asking import BY_LINK
from prospects.rights.record import Column, Section, add_section, leave_out
from prospects.words import grounds_in_words

YES_NO = {"True": _("yes"), "False": _("no")}
_CHANNELS, _MEDIA, _LANGUAGES = dict(Channel.choices), dict(Medium.choices), dict(Language.choices)

_AT = Column("at", _("on"))
_CHANNEL = Column("channel", _("channel"), _CHANNELS)
_PURPOSE = Column("purpose", _("purpose"))

add_section(
    Section(
        "person",
        _("Who you are"),
        ("prospects.Prospect",),
        (
            Column("kind", _("kind"), dict(Prospect.Kind.choices)),
            Column("first_name", _("first name")),
            Column("last_name", _("last name")),
            Column("company", _("company")),
            Column("activity", _("activity")),
            Column("born_on", _("born on")),
            Column("language", _("language"), _LANGUAGES),
            Column("time_zone", _("time zone")),
            Column("known_since", _("known since")),
            Column("restricted_at", _("processing restricted on")),
        ),
        statements.WHO,
        given=statements.WHO,
    ),
    Section(
        "extra_fields",
        _("What else is noted of you"),
        (),
        (Column("field", _("field")), Column("value", _("value")), Column("why", _("what it is needed for"))),
        statements.EXTRAS,
        given=statements.EXTRAS,
    ),
    Section(
        "details",
        _("How you can be reached"),
        ("prospects.ContactDetail",),
        (
            Column("medium", _("medium"), _MEDIA),
            Column("address", _("address")),
            Column("generic", _("generic company address"), YES_NO),
            Column("state", _("state"), dict(ContactDetail.State.choices)),
            Column("last_sign_of_life", _("last sign of life")),
            Column("asked_to_stay_at", _("asked whether to stay on")),
            Column("address_key", _("address key")),
        ),
        statements.DETAILS,
        given=statements.DETAILS + statements.FROM_THE_PERSON,
    ),
    Section(
        "sources",
        _("Where your details come from"),
        ("prospects.Source", "prospects.UntoldSource"),
        (
            Column("address", _("address")),
            Column("kind", _("kind"), dict(Source.Kind.choices)),
            Column("collected_at", _("collected on")),
            Column("obtained_at", _("obtained on")),
            Column("collected_by", _("collected by")),
            Column("place", _("where")),
            Column("partner", _("partner")),
            Column("notice", _("notice shown")),
            Column("informed", _("informed, with a free way to refuse"), YES_NO),
            Column("told_at", _("notice of GDPR art. 14 sent on")),
            Column("evidence", _("evidence"), is_json=True),
        ),
        statements.SOURCES,
    ),
    Section(
        "acts",
        _("What you agreed to and refused, with the words you were shown"),
        ("consent.Act",),
        (
            _AT,
            Column("kind", _("kind"), dict(Act.Kind.choices)),
            _CHANNEL,
            _PURPOSE,
            Column("address", _("address")),
            Column("came_by", _("came by"), dict(Act.Origin.choices)),
            Column("notice", _("notice shown")),
            Column("box", _("box shown")),
            Column("mentions", _("what stood beside it")),
            Column("language", _("language shown"), _LANGUAGES),
            Column("five_mentions", _("carries the five mentions of R223-1"), YES_NO),
            Column("evidence", _("evidence"), is_json=True),
            Column("recorded_at", _("recorded on")),
        ),
        statements.ACTS + statements.IN_ORDER,
        given=statements.ACTS + statements.SAID_BY_THE_PERSON + statements.IN_ORDER,
    ),
    Section(
        "notices",
        _("The notices that you were shown"),
        (),
        (
            Column("notice", _("notice")),
            Column("language", _("language"), _LANGUAGES),
            Column("published_at", _("published on")),
            Column("text", _("text")),
        ),
        statements.NOTICES,
    ),
    Section(
        "permissions",
        _("What is in force"),
        ("consent.Permission",),
        (
            _CHANNEL,
            _PURPOSE,
            Column("given_at", _("given on")),
            Column("confirmed_at", _("confirmed on")),
            Column("withdrawn_at", _("withdrawn on")),
            Column("lapsed_at", _("lapsed on")),
        ),
        statements.PERMISSIONS,
    ),
    Section(
        "objections",
        _("What you objected to"),
        ("consent.Objection",),
        (_AT, Column("channel", _("channel (empty: all)"), _CHANNELS), Column("purpose", _("purpose (empty: all)"))),
        statements.OBJECTIONS,
    ),
    Section(
        "scans",
        _("Papers that you signed"),
        ("consent.Scan",),
        (
            Column("digest", _("digest")),
            Column("content_type", _("content type")),
            Column("given_at", _("signed on")),
            Column("added_at", _("added on")),
        ),
        statements.SCANS,
    ),
    Section(
        "interactions",
        _("What you did"),
        ("prospects.Interaction",),
        (_AT, Column("kind", _("kind"), dict(Interaction.Kind.choices))),
        statements.INTERACTIONS,
        given=statements.INTERACTIONS,
    ),
    Section(
        "purchases",
        _("What you bought"),
        ("prospects.Purchase",),
        (_AT, Column("family", _("product family")), Column("reference", _("reference"))),
        statements.PURCHASES,
        given=statements.PURCHASES,
    ),
    Section(
        "contracts",
        _("Contracts"),
        ("prospects.Contract",),
        (
            Column("starts_on", _("first day")),
            Column("ends_on", _("last day")),
            Column("families", _("product families")),
        ),
        statements.CONTRACTS,
        given=statements.CONTRACTS,
    ),
    Section(
        "information_requests",
        _("What you asked about"),
        ("prospects.InformationRequest",),
        (_AT, Column("families", _("product families")), Column("evidence", _("evidence"), is_note=True)),
        statements.ASKED,
        given=statements.ASKED_ABOUT,
    ),
    Section(
        "calls",
        _("Calls to you"),
        ("prospects.CallAttempt",),
        (
            _AT,
            Column("outcome", _("outcome"), dict(CallAttempt.Outcome.choices)),
            Column("agreed_from", _("agreed slot from")),
            Column("agreed_until", _("agreed slot until")),
            Column("note", _("note"), is_note=True),
        ),
        statements.CALLS,
    ),
    Section(
        "holds",
        _("Times at which your data were frozen for a dispute"),
        ("prospects.LegalHold",),
        (
            Column("starts_at", _("from")),
            Column("ends_at", _("until")),
            Column("forbids_erasure", _("forbids erasure"), YES_NO),
            Column("reason", _("reason"), is_note=True),
        ),
        statements.HOLDS,
    ),
    Section(
        "address_changes",
        _("A change of address that waits"),
        ("prospects.AddressChange",),
        (
            Column("asked_at", _("asked on")),
            Column("new_address", _("new address")),
            Column("old_confirmed_at", _("confirmed in the old mailbox on")),
            Column("new_confirmed_at", _("confirmed in the new mailbox on")),
            Column("expires_at", _("expires on")),
        ),
        statements.CHANGES,
    ),
    Section(
        "signups",
        _("Signups that wait or ended lately"),
        ("prospects.PendingSignup",),
        (
            Column("signed_up_at", _("signed up on")),
            Column("form", _("form")),
            Column("status", _("status"), dict(PendingSignup.Status.choices)),
            Column("answers", _("answers"), is_json=True),
            Column("page", _("page")),
            Column("network", _("shortened IP")),
            Column("mails_sent", _("mails sent")),
            Column("expires_at", _("expires on")),
        ),
        statements.SIGNUPS,
    ),
    Section(
        "recipients",
        _("Who received your details"),
        ("prospects.HandedOver",),
        (
            _AT,
            Column("recipient", _("received by")),
            Column("why", _("what for")),
            Column("address", _("address")),
            Column("ground", _("ground"), grounds_in_words()),
        ),
        statements.RECIPIENTS,
    ),
    Section(
        "requests",
        _("What you asked about your data"),
        ("prospects.RightsRequest",),
        (
            Column("number", _("number")),
            Column("asked_at", _("asked on")),
            Column("right", _("right"), dict(RightsRequest.Right.choices)),
            Column("came_by", _("came by"), dict(RightsRequest.Door.choices)),
            Column("status", _("status"), dict(RightsRequest.Status.choices)),
            Column("identity", _("how identity was shown"), {BY_LINK: _("link sent to the address")}),
            Column("due_on", _("answer due on")),
            Column("extended_why", _("why more time is needed")),
            Column("answered_at", _("answered on")),
            Column("answer", _("answer")),
            Column("words", _("in your words")),
            Column("to_tell", _("recipients to be told"), is_json=True),
            Column("recipients_told_at", _("recipients told on")),
        ),
        statements.RIGHTS,
    ),
    Section(
        "merged_records",
        _("Records of you that became one"),
        ("prospects.MergedRecord",),
        (Column("number", _("number")), _AT),
        statements.MERGED,
    ),
    Section(
        "staff_acts",
        _("When our staff changed your record"),
        (),
        (_AT, Column("what", _("what"), {"added": _("added"), "deleted": _("deleted"), "changed": _("changed")})),
        statements.STAFF,
    ),
)
leave_out(
    "prospects.ImportRow",
    "the number of a line of a file, and what became of it: where a detail comes from is told by its source",
)
