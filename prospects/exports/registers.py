"""What Loyal keeps of what was done, as lists: objections, purges, refused sources, imports, exports, staff's acts."""

from django.contrib.admin.models import ADDITION, CHANGE, DELETION
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from psycopg.sql import SQL, Composed, Literal

from consent.vocabulary import Channel, Medium
from prospects.exports.listings import Chosen, Listing, in_words, on_the_clock, register
from prospects.models import Export, Import, RightsRequest

_STAFF_ACTS: dict[str, str | Promise] = {
    str(ADDITION): _("added"),
    str(CHANGE): _("changed"),
    str(DELETION): _("deleted"),
}


def _objections(_export: Export, _chosen: Chosen) -> Composed:
    """Whoever objected, by address where it is still known: proofs outlive the erasure of people."""
    return SQL("""
        SELECT {medium}, detail.address, objection.address_key::text, coalesce({channel}, {all}),
            coalesce(purpose.slug, {all}), {at}
        FROM consent_objection AS objection
        LEFT JOIN consent_purpose AS purpose ON purpose.id = objection.purpose_id
        LEFT JOIN LATERAL (
            SELECT medium, address FROM prospects_contactdetail
            WHERE address_key = objection.address_key ORDER BY id LIMIT 1
        ) AS detail ON true
        ORDER BY objection.id
    """).format(
        medium=in_words("detail.medium", dict(Medium.choices)),
        channel=in_words("objection.channel", dict(Channel.choices)),
        all=Literal(str(_("all"))),
        at=on_the_clock("objection.at"),
    )


def _purges(_export: Export, _chosen: Chosen) -> Composed:
    return SQL("""
        SELECT id, {started}, {finished}, {silent}, erased_prospects, erased_details, lapsed_permissions, erased_proofs
        FROM prospects_purgerun ORDER BY id
    """).format(
        started=on_the_clock("started_at"), finished=on_the_clock("finished_at"), silent=on_the_clock("silent_before")
    )


def _refusals(_export: Export, _chosen: Chosen) -> Composed:
    return SQL("SELECT day, door, count FROM prospects_sourcerefusal ORDER BY day, door").format()


def _imports(_export: Export, _chosen: Chosen) -> Composed:
    return SQL("""
        SELECT run.id, {kind}, {status}, run.lines, run.declaration ->> 'source', run.declaration ->> 'collected_by',
            {uploaded}, {finished}, {undone}, staff.username
        FROM prospects_import AS run LEFT JOIN auth_user AS staff ON staff.id = run.uploaded_by_id
        ORDER BY run.id
    """).format(
        kind=in_words("run.kind", dict(Import.Kind.choices)),
        status=in_words("run.status", dict(Import.Status.choices)),
        uploaded=on_the_clock("run.uploaded_at"),
        finished=on_the_clock("run.finished_at"),
        undone=on_the_clock("run.undone_at"),
    )


def _requests(_export: Export, _chosen: Chosen) -> Composed:
    return SQL("""
        SELECT request.id, {right}, {door}, {asked}, request.identity, request.due_on, request.extended_why, {status},
            {answered}, request.answer, staff.username
        FROM prospects_rightsrequest AS request LEFT JOIN auth_user AS staff ON staff.id = request.handled_by_id
        WHERE request.status <> 'unproven' ORDER BY request.id
    """).format(
        right=in_words('request."right"', dict(RightsRequest.Right.choices)),
        door=in_words("request.door", dict(RightsRequest.Door.choices)),
        status=in_words("request.status", dict(RightsRequest.Status.choices)),
        asked=on_the_clock("request.asked_at"),
        answered=on_the_clock("request.answered_at"),
    )


def _exports(_export: Export, _chosen: Chosen) -> Composed:
    from prospects.exports.listings import LISTINGS

    return SQL("""
        SELECT export.id, {listing}, export.about, export.why, export.recipient, export.rows, {made}, staff.username
        FROM prospects_export AS export LEFT JOIN auth_user AS staff ON staff.id = export.made_by_id
        ORDER BY export.id
    """).format(
        listing=in_words("export.listing", {listing.key: listing.title for listing in LISTINGS.values()}),
        made=on_the_clock("export.made_at"),
    )


def _staff_acts(_export: Export, _chosen: Chosen) -> Composed:
    return SQL("""
        SELECT {at}, staff.username, {what}, content.app_label || '.' || content.model, entry.object_id
        FROM django_admin_log AS entry
        JOIN auth_user AS staff ON staff.id = entry.user_id
        LEFT JOIN django_content_type AS content ON content.id = entry.content_type_id
        ORDER BY entry.id
    """).format(at=on_the_clock("entry.action_time"), what=in_words("entry.action_flag", _STAFF_ACTS))


register(
    Listing(
        key="objections",
        title=_("Objections"),
        explanation=_("Who said stop, to what, and when. An address that was erased shows its key alone."),
        columns=(_("medium"), _("address"), _("address key"), _("channel"), _("purpose"), _("on")),
        statement=_objections,
    ),
    Listing(
        key="purges",
        title=_("Register of purges"),
        explanation=_("What each nightly purge erased."),
        columns=(
            *(_("run"), _("started on"), _("finished on"), _("silent since before"), _("prospects erased")),
            *(_("details erased"), _("permissions lapsed"), _("proofs erased at their own term")),
        ),
        statement=_purges,
    ),
    Listing(
        key="refusals",
        title=_("Refusals of forbidden sources"),
        explanation=_("How many details found on the Internet were refused, by day and door."),
        columns=(_("day"), _("door"), _("count")),
        statement=_refusals,
    ),
    Listing(
        key="imports",
        title=_("Register of imports"),
        explanation=_("Which files came in, from where, and who brought them."),
        columns=(
            *(_("import"), _("kind"), _("status"), _("lines"), _("source"), _("collected by"), _("uploaded on")),
            *(_("finished on"), _("undone on"), _("uploaded by")),
        ),
        statement=_imports,
    ),
    Listing(
        key="requests",
        title=_("Register of requests"),
        explanation=_("What people asked about their data, when, and what they were answered. It names nobody."),
        columns=(
            *(_("number"), _("right"), _("came by"), _("came on"), _("how identity was shown"), _("answer due on")),
            *(_("why more time is needed"), _("status"), _("answered on"), _("answer"), _("handled by")),
        ),
        statement=_requests,
    ),
    Listing(
        key="exports",
        title=_("Register of exports"),
        explanation=_("Which lists went out, what for, to whom, and who took them."),
        columns=(
            *(_("export"), _("list"), _("about"), _("what for"), _("received by"), _("rows")),
            *(_("made on"), _("made by")),
        ),
        statement=_exports,
    ),
    Listing(
        key="staff_acts",
        title=_("Register of staff acts"),
        explanation=_("What staff added, changed or deleted. It names records by their numbers."),
        columns=(_("on"), _("by"), _("what"), _("record"), _("number")),
        statement=_staff_acts,
    ),
)
