"""Taking an import back, line by line from the last, as long as nobody acted since on what a line made.

PostgreSQL keeps in each row's `xmin` the transaction that wrote it last. What an import made and nobody touched was
written by the same transactions as the import's own report; whatever else wrote to it, or hung something on it, shows.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consent.acts import lock, record_selected
from consent.models import Act
from prospects.imports.running import at_work
from prospects.models import ContactDetail, Import, ImportLane, ImportRow, Prospect

_BATCH = 5_000
UNDOABLE = (Import.Status.DONE, Import.Status.STOPPED, Import.Status.FAILED, Import.Status.UNDOING)

_CREATE = """
CREATE TEMPORARY TABLE undo_row AS
SELECT line, outcome, prospect_id, detail_ids, gains FROM prospects_importrow
WHERE import_id = %(run_id)s AND undone IS NULL AND outcome <> 'refused' ORDER BY line DESC LIMIT %(batch)s;
CREATE TEMPORARY TABLE undo_gain AS
SELECT line, gain ->> 0 AS what, (gain ->> 1)::bigint AS id, gain -> 2 AS was
FROM undo_row CROSS JOIN jsonb_array_elements(gains) AS gain;
ANALYZE undo_row, undo_gain;
"""
_DROP = "DROP TABLE undo_row, undo_gain"

_KEYS = """
SELECT detail.address_key FROM prospects_contactdetail AS detail JOIN undo_row USING (prospect_id)
UNION SELECT act.address_key FROM consent_act AS act JOIN undo_gain AS gain ON gain.id = act.id AND gain.what = 'given'
"""

# Acts are never removed: an imported consent gets an act that voids it, unless the person confirmed it.
_VOIDED = """
SELECT 'voided' AS kind, act.address_key, act.key_id, act.channel, act.purpose_id, %(now)s AS at, act.notice_id,
    act.box_id, false AS needs_confirmation, act.id AS about_id,
    jsonb_build_object('import', %(run_id)s, 'line', gain.line) AS evidence
FROM undo_gain AS gain JOIN consent_act AS act ON act.id = gain.id
WHERE gain.what = 'given' AND NOT EXISTS (
    SELECT FROM consent_act AS later WHERE later.about_id = act.id AND later.kind IN ('confirmed', 'voided'))
"""

_TAKEN_BACK = (
    """
UPDATE prospects_contract AS contract SET ends_on = NULL FROM undo_gain AS gain
WHERE gain.what = 'ended' AND contract.id = gain.id AND to_jsonb(contract.ends_on) = gain.was AND {contract}
""",
    *(
        f"DELETE FROM prospects_{table} AS {table} USING undo_gain AS gain"  # noqa: S608 - constants
        f" WHERE gain.what = '{what}' AND {table}.id = gain.id AND {{{table}}}"
        for what, table in (
            ("purchase", "purchase"),
            ("contract", "contract"),
            ("interaction", "interaction"),
            ("source", "source"),
        )
    ),
    """
WITH quarantined AS (
    UPDATE prospects_contactdetail AS detail SET source_id = (gain.was ->> 'first')::bigint, state = 'quarantined'
    FROM undo_gain AS gain
    WHERE gain.what = 'released' AND detail.id = gain.id AND detail.source_id = (gain.was ->> 'source')::bigint
        AND detail.state = 'usable' AND {detail}
    RETURNING gain.was
)
UPDATE prospects_source AS source SET also_of_id = NULL FROM quarantined
WHERE source.id = (quarantined.was ->> 'first')::bigint
""",
    """
DELETE FROM prospects_source AS source USING undo_gain AS gain
WHERE gain.what = 'released' AND source.id = (gain.was ->> 'source')::bigint
    AND NOT EXISTS (SELECT FROM prospects_contactdetail AS detail WHERE detail.source_id = source.id)
""",
    """
UPDATE prospects_contactdetail AS detail SET state = 'unconfirmed' FROM undo_gain AS gain
WHERE gain.what = 'confirmed' AND detail.id = gain.id AND detail.state = 'usable' AND {detail}
""",
    """
UPDATE prospects_prospect AS prospect SET
    first_name = CASE WHEN prospect.first_name = gain.was #>> '{{first_name,1}}' THEN '' ELSE prospect.first_name END,
    last_name = CASE WHEN prospect.last_name = gain.was #>> '{{last_name,1}}' THEN '' ELSE prospect.last_name END,
    company = CASE WHEN prospect.company = gain.was #>> '{{company,1}}' THEN '' ELSE prospect.company END,
    born_on = CASE WHEN prospect.born_on = (gain.was #>> '{{born_on,1}}')::date THEN NULL ELSE prospect.born_on END,
    activity_id = CASE WHEN prospect.activity_id = (gain.was #>> '{{activity_id,1}}')::bigint THEN NULL
        ELSE prospect.activity_id END,
    extra = prospect.extra - ARRAY(
        SELECT key FROM jsonb_each(gain.was -> 'extra') WHERE prospect.extra -> key = value)
FROM undo_gain AS gain WHERE gain.what = 'changed' AND prospect.id = gain.id
""",
)

# A source takes its detail along, in the database.
_DETAILS = """
DELETE FROM prospects_source AS source
USING prospects_contactdetail AS detail, undo_row AS undone
WHERE undone.outcome <> 'created' AND detail.id = ANY(undone.detail_ids) AND source.id = detail.source_id
    AND NOT ({touched})
"""
_PEOPLE = """
DELETE FROM prospects_prospect AS prospect USING undo_row AS undone
WHERE undone.outcome = 'created' AND prospect.id = undone.prospect_id
    AND NOT ({touched})
    AND NOT EXISTS (
        SELECT FROM prospects_contactdetail AS detail WHERE detail.prospect_id = prospect.id AND ({detail_touched}))
"""
_ACTED = """EXISTS (
    SELECT FROM consent_act AS act WHERE act.address_key = detail.address_key AND act.recorded_at >= %(started)s
        AND NOT (act.origin = 'import' AND act.evidence ->> 'import' = %(run_id)s::text))"""

# What is still there was kept: acted on since. Objections stay for their own sake.
_MARK = """
WITH marked AS (
    UPDATE prospects_importrow AS reported SET undone = CASE
        WHEN (undone.outcome = 'created'
                AND EXISTS (SELECT FROM prospects_prospect WHERE id = undone.prospect_id))
            OR EXISTS (SELECT FROM prospects_contactdetail WHERE id = ANY(undone.detail_ids))
            OR EXISTS (
                SELECT FROM undo_gain AS gain WHERE gain.line = undone.line AND CASE gain.what
                    WHEN 'purchase' THEN EXISTS (SELECT FROM prospects_purchase WHERE id = gain.id)
                    WHEN 'contract' THEN EXISTS (SELECT FROM prospects_contract WHERE id = gain.id)
                    WHEN 'interaction' THEN EXISTS (SELECT FROM prospects_interaction WHERE id = gain.id)
                    WHEN 'source' THEN EXISTS (SELECT FROM prospects_source WHERE id = gain.id)
                    WHEN 'released' THEN EXISTS (
                        SELECT FROM prospects_source WHERE id = (gain.was ->> 'source')::bigint)
                    WHEN 'given' THEN NOT EXISTS (
                        SELECT FROM consent_act WHERE about_id = gain.id AND kind = 'voided')
                    ELSE false END)
            THEN 'kept'
        WHEN EXISTS (SELECT FROM undo_gain AS gain WHERE gain.line = undone.line AND gain.what = 'objected')
            THEN 'objection'
        ELSE 'undone' END
    FROM undo_row AS undone WHERE reported.import_id = %(run_id)s AND reported.line = undone.line
    RETURNING reported.undone
)
SELECT undone, count(*) FROM marked GROUP BY undone
"""


def undo(run: Import, *, progress: Callable[[int], None] = lambda lines: None) -> dict[str, int]:
    """Take an import back, from where an earlier try stopped. Returns how many lines were undone, and how many kept.

    Raises ValidationError where it cannot be undone (any more), AlreadyAtWork where somebody is at it.
    """
    with at_work(run):
        run.refresh_from_db()
        if run.status not in UNDOABLE:
            raise ValidationError(_("Only an import that has ended can be undone."), code="not_ended")
        if not run.upload:
            raise ValidationError(
                _("This import is older than 30 days: its file and what an undo needs were erased."), code="erased"
            )
        Import.objects.filter(pk=run.pk).update(status=Import.Status.UNDOING)
        transactions = _transactions_of(run)
        figures = Counter(run.undo_figures)
        while counts := _undo_batch(run, transactions, figures):
            figures.update(counts)
            progress(figures.total())
        run.status, run.undone_at, run.undo_figures = Import.Status.UNDONE, timezone.now(), dict(figures)
        run.save(update_fields=["status", "undone_at", "undo_figures"])
    return dict(figures)


def _transactions_of(run: Import) -> list[str]:
    """The transactions that wrote the report, and so all that the import made.

    Raises ValidationError where a restored database has written everything anew.
    """
    with connection.cursor() as cursor:
        for lane in ImportLane.objects.filter(run=run, last_line__gt=0):
            cursor.execute(
                "SELECT xmin::text = %s OR undone IS NOT NULL FROM prospects_importrow"
                " WHERE (import_id, line) = (%s, %s)",
                [lane.mark, run.pk, lane.last_line],
            )
            if cursor.fetchone() != (True,):
                raise ValidationError(
                    _("The database was restored since this import: it cannot be undone any more."), code="restored"
                )
        cursor.execute("SELECT DISTINCT xmin::text FROM prospects_importrow WHERE import_id = %s", [run.pk])
        return [transaction_id for (transaction_id,) in cursor.fetchall()]


@transaction.atomic
def _undo_batch(run: Import, transactions: list[str], so_far: Counter[str]) -> Counter[str]:
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_CREATE, {"run_id": run.pk, "batch": _BATCH})
        cursor.execute("SELECT xmin::text FROM undo_row LIMIT 1")
        own = cursor.fetchone()
        if own is None:
            cursor.execute(_DROP)
            return Counter()
        transactions.append(own[0])
        params: dict[str, Any] = {"run_id": run.pk, "now": now, "started": run.started_at, "ours": transactions}
        cursor.execute(_KEYS)
        keys: list[UUID] = [key for (key,) in cursor.fetchall()]
        lock(keys)
        record_selected(_VOIDED, params, origin=Act.Origin.IMPORT)
        names = ("contract", "purchase", "interaction", "source", "detail")
        untouched = {name: f"{name}.xmin::text = ANY(%(ours)s)" for name in names}
        for query in _TAKEN_BACK:
            cursor.execute(query.format(**untouched), params)
        detail_touched = f"{_touched(ContactDetail, 'detail')} OR {_ACTED}"
        cursor.execute(_DETAILS.format(touched=detail_touched), params)
        cursor.execute(_PEOPLE.format(touched=_touched(Prospect, "prospect"), detail_touched=detail_touched), params)
        cursor.execute(_MARK, params)
        counts = Counter(dict(cursor.fetchall()))
        cursor.execute(_DROP)
    Import.objects.filter(pk=run.pk).update(undo_figures=dict(so_far + counts))
    return counts


def _touched(model: type[models.Model], alias: str) -> str:
    """The condition that another transaction wrote to this row, or to any that points to it, in whichever app."""
    conditions = [f"{alias}.xmin::text <> ALL(%(ours)s)"]
    for relation in model._meta.related_objects:
        table, column = relation.related_model._meta.db_table, relation.field.column
        conditions.append(
            f"EXISTS (SELECT FROM {table} AS other WHERE other.{column} = {alias}.id"
            " AND other.xmin::text <> ALL(%(ours)s))"
        )
    return " OR ".join(conditions)


def kept_lines(run: Import, limit: int) -> "models.QuerySet[ImportRow]":
    """The lines that an undo could not take back, first ones first."""
    return ImportRow.objects.filter(import_id=run.pk, undone="kept").order_by("line")[:limit]
