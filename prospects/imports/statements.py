"""The statements that take a batch in: a few for any number of rows, over temporary tables that COPY fills."""

# Dropped by the batch itself, so that a transaction may hold several.
CREATE = """
CREATE TEMPORARY TABLE import_row (
    line integer, prospect_id bigint, is_new boolean, filled boolean, reason text, notes text[], cells text[],
    detail_ids bigint[], first_name text, last_name text, company text, activity_id bigint, language text, born_on date,
    collected_at timestamptz, place text, partner text, evidence text, changes jsonb, extra jsonb);
CREATE TEMPORARY TABLE import_address (
    line integer, prospect_id bigint, is_newcomer boolean, medium text, address text, address_key uuid, key_id smallint,
    is_generic boolean, detail_id bigint, source_id bigint);
CREATE TEMPORARY TABLE import_dealing (
    line integer, prospect_id bigint, family text, at timestamptz, until date, reference text);
CREATE TEMPORARY TABLE import_word (
    line integer, address_key uuid, key_id smallint, kind text, channel text, purpose_id bigint, at timestamptz,
    needs_confirmation boolean, evidence jsonb);
CREATE TEMPORARY TABLE import_gain (line integer, what text, id bigint, was jsonb);
"""
DROP = "DROP TABLE import_row, import_address, import_dealing, import_word, import_gain"

ROW = (
    "line, prospect_id, is_new, filled, reason, notes, cells, detail_ids, first_name, last_name, company, activity_id,"
    " language, born_on, collected_at, place, partner, evidence, changes, extra"
)

# `extra` is read where the file brings some.
KNOWN = """
SELECT detail.address_key, detail.id, detail.medium, detail.state, prospect.id, prospect.kind, prospect.first_name,
    prospect.last_name, prospect.company, prospect.born_on, prospect.activity_id, {extra}
FROM prospects_contactdetail AS detail JOIN prospects_prospect AS prospect ON prospect.id = detail.prospect_id
WHERE detail.address_key = ANY(%s::uuid[]) ORDER BY detail.id
"""

DRAW = "SELECT nextval(%s::regclass) FROM generate_series(1, %s)"

NEWCOMERS = """
INSERT INTO prospects_prospect
    (id, kind, first_name, last_name, company, activity_id, language, born_on, time_zone, extra)
SELECT prospect_id, %(person)s, first_name, last_name, company, activity_id, language, born_on, 'Europe/Paris',
    coalesce(extra, '{}')
FROM import_row WHERE is_new
"""

# One without its day is unknown, whatever it claims to be. The month to tell runs from the collection or, for what
# others gave, from the day it came here.
_SOURCE = """
    CASE WHEN imported.collected_at IS NULL THEN 'unknown' ELSE %(source)s END, imported.collected_at, %(collected_by)s,
    imported.place, imported.partner, %(notice_id)s::bigint, %(informed)s,
    CASE imported.evidence WHEN '' THEN %(evidence)s::jsonb
        ELSE %(evidence)s::jsonb || jsonb_build_object('proof', imported.evidence) END,
    CASE WHEN imported.collected_at IS NULL OR %(source)s IN ('partner', 'unknown') THEN %(at)s
        ELSE imported.collected_at END
"""
_SOURCE_COLUMNS = "kind, collected_at, collected_by, place, partner, notice_id, informed, evidence, obtained_at"

SOURCES = f"""
INSERT INTO prospects_source (id, prospect_id, {_SOURCE_COLUMNS})
SELECT address.source_id, address.prospect_id, {_SOURCE}
FROM import_address AS address JOIN import_row AS imported USING (line) WHERE address.source_id IS NOT NULL
"""  # noqa: S608 - constants

# A newcomer's clock starts at the collection; the database reckons that of somebody known.
DETAILS = """
INSERT INTO prospects_contactdetail
    (id, prospect_id, medium, address, address_key, key_id, is_generic, state, source_id, active_at)
SELECT address.detail_id, address.prospect_id, address.medium, address.address, address.address_key, address.key_id,
    address.is_generic,
    CASE WHEN imported.collected_at IS NULL OR %(source)s = 'unknown' THEN 'quarantined' ELSE 'usable' END,
    address.source_id, CASE WHEN address.is_newcomer THEN imported.collected_at END
FROM import_address AS address JOIN import_row AS imported USING (line) WHERE address.source_id IS NOT NULL
"""

# A proven source ends a quarantine: it becomes the detail's own, and the first provenance is kept beside it.
RELEASING = f"""
WITH releasing AS MATERIALIZED (
    SELECT DISTINCT ON (detail.id)
        detail.id AS detail_id, detail.source_id AS first_id, detail.prospect_id, address.line
    FROM import_address AS address
    JOIN import_row AS imported USING (line)
    JOIN prospects_contactdetail AS detail ON detail.id = address.detail_id
    WHERE address.source_id IS NULL AND detail.state = 'quarantined' AND %(source)s <> 'unknown'
        AND imported.collected_at IS NOT NULL AND (%(proven)s OR imported.evidence <> '')
    ORDER BY detail.id, address.line
), numbered AS MATERIALIZED (
    SELECT *, nextval('prospects_source_id_seq') AS source_id FROM releasing
), made AS (
    INSERT INTO prospects_source (id, prospect_id, {_SOURCE_COLUMNS})
    SELECT numbered.source_id, numbered.prospect_id, {_SOURCE} FROM numbered JOIN import_row AS imported USING (line)
)
INSERT INTO import_gain (line, what, id, was)
SELECT line, 'released', detail_id, jsonb_build_object('first', first_id, 'source', source_id) FROM numbered
"""  # noqa: S608 - constants
RELEASED_DETAILS = """
UPDATE prospects_contactdetail AS detail SET source_id = (gain.was ->> 'source')::bigint, state = 'usable'
FROM import_gain AS gain WHERE gain.what = 'released' AND detail.id = gain.id
"""
RELEASED_SOURCES = """
UPDATE prospects_source AS source SET also_of_id = gain.id
FROM import_gain AS gain WHERE gain.what = 'released' AND source.id = (gain.was ->> 'first')::bigint
"""
CONFIRMED = """
WITH confirmed AS (
    UPDATE prospects_contactdetail AS detail SET state = 'usable'
    FROM (SELECT detail_id, min(line) AS line FROM import_address GROUP BY detail_id) AS address
    WHERE detail.id = address.detail_id AND detail.state = 'unconfirmed' AND %(source)s <> 'unknown'
    RETURNING address.line, detail.id
)
INSERT INTO import_gain (line, what, id) SELECT line, 'confirmed', id FROM confirmed
"""

# A further provenance of a known detail is kept once; it moves no clock.
_SAME = """source.kind = CASE WHEN imported.collected_at IS NULL THEN 'unknown' ELSE %(source)s END
            AND source.collected_at IS NOT DISTINCT FROM imported.collected_at AND source.place = imported.place
            AND source.partner = imported.partner AND source.notice_id IS NOT DISTINCT FROM %(notice_id)s"""
FURTHER = f"""
WITH fresh AS MATERIALIZED (
    SELECT DISTINCT ON (address.detail_id, imported.collected_at, imported.place, imported.partner)
        address.line, address.detail_id, address.prospect_id
    FROM import_address AS address
    JOIN import_row AS imported USING (line)
    JOIN prospects_contactdetail AS detail ON detail.id = address.detail_id
    WHERE address.source_id IS NULL
        AND NOT EXISTS (SELECT FROM prospects_source AS source WHERE source.id = detail.source_id AND {_SAME})
        AND NOT EXISTS (SELECT FROM prospects_source AS source WHERE source.also_of_id = detail.id AND {_SAME})
    ORDER BY address.detail_id, imported.collected_at, imported.place, imported.partner, address.line
), numbered AS MATERIALIZED (
    SELECT *, nextval('prospects_source_id_seq') AS source_id FROM fresh
), made AS (
    INSERT INTO prospects_source (id, prospect_id, also_of_id, {_SOURCE_COLUMNS})
    SELECT numbered.source_id, numbered.prospect_id, numbered.detail_id, {_SOURCE}
    FROM numbered JOIN import_row AS imported USING (line)
)
INSERT INTO import_gain (line, what, id) SELECT line, 'source', source_id FROM numbered
"""  # noqa: S608 - constants

# Only where all that the row fills in is still unknown: staff may be writing too.
COMPLETED = """
WITH completed AS (
    UPDATE prospects_prospect AS prospect SET
        first_name = coalesce(imported.changes #>> '{first_name,1}', prospect.first_name),
        last_name = coalesce(imported.changes #>> '{last_name,1}', prospect.last_name),
        company = coalesce(imported.changes #>> '{company,1}', prospect.company),
        born_on = coalesce((imported.changes #>> '{born_on,1}')::date, prospect.born_on),
        activity_id = coalesce((imported.changes #>> '{activity_id,1}')::bigint, prospect.activity_id),
        extra = prospect.extra || coalesce(imported.changes -> 'extra', '{}')
    FROM import_row AS imported
    WHERE imported.changes IS NOT NULL AND prospect.id = imported.prospect_id
        AND (prospect.first_name = '' OR NOT imported.changes ? 'first_name')
        AND (prospect.last_name = '' OR NOT imported.changes ? 'last_name')
        AND (prospect.company = '' OR NOT imported.changes ? 'company')
        AND (prospect.born_on IS NULL OR NOT imported.changes ? 'born_on')
        AND (prospect.activity_id IS NULL OR NOT imported.changes ? 'activity_id')
        AND NOT prospect.extra ?| ARRAY(SELECT jsonb_object_keys(imported.changes -> 'extra'))
    RETURNING imported.line, prospect.id, imported.changes
)
INSERT INTO import_gain (line, what, id, was) SELECT line, 'changed', id, changes FROM completed
"""

_DEALING = """
WITH fresh AS MATERIALIZED (
    SELECT DISTINCT ON ({same}) dealing.* FROM import_dealing AS dealing
    WHERE NOT EXISTS (SELECT FROM {table} AS known WHERE known.prospect_id = dealing.prospect_id AND {known})
    ORDER BY {same}, dealing.line
), numbered AS MATERIALIZED (
    SELECT *, nextval('{table}_id_seq') AS id FROM fresh
), made AS (
    INSERT INTO {table} (id, prospect_id, {columns}) SELECT id, prospect_id, {values} FROM numbered
)
INSERT INTO import_gain (line, what, id) SELECT line, '{what}', id FROM numbered
"""
PURCHASES = _DEALING.format(
    what="purchase",
    table="prospects_purchase",
    same="dealing.prospect_id, dealing.family, dealing.reference, CASE dealing.reference WHEN '' THEN dealing.at END",
    known="known.family = dealing.family AND known.reference = dealing.reference"
    " AND (dealing.reference <> '' OR known.at = dealing.at)",
    columns="family, at, reference",
    values="family, at, reference",
)
CONTRACTS = _DEALING.format(
    what="contract",
    table="prospects_contract",
    same="dealing.prospect_id, dealing.family, dealing.at",
    known="known.families = ARRAY[dealing.family::varchar]"
    " AND known.starts_on = (dealing.at AT TIME ZONE 'Europe/Paris')::date",
    columns="families, starts_on, ends_on",
    values="ARRAY[family], (at AT TIME ZONE 'Europe/Paris')::date, until",
)
INTERACTIONS = _DEALING.format(
    what="interaction",
    table="prospects_interaction",
    same="dealing.prospect_id, dealing.family, dealing.at",
    known="known.kind = dealing.family AND known.at = dealing.at",
    columns="kind, at",
    values="family, at",
)
# A contract that was open-ended has ended: calls stand on it no longer.
ENDED = """
WITH ended AS (
    UPDATE prospects_contract AS contract SET ends_on = dealing.until
    FROM (
        SELECT DISTINCT ON (prospect_id, family, at) * FROM import_dealing WHERE until IS NOT NULL
        ORDER BY prospect_id, family, at, line
    ) AS dealing
    WHERE contract.prospect_id = dealing.prospect_id AND contract.families = ARRAY[dealing.family::varchar]
        AND contract.starts_on = (dealing.at AT TIME ZONE 'Europe/Paris')::date AND contract.ends_on IS NULL
    RETURNING dealing.line, contract.id, contract.ends_on
)
INSERT INTO import_gain (line, what, id, was) SELECT line, 'ended', id, to_jsonb(ends_on) FROM ended
"""

REPORT = """
WITH told AS (
    INSERT INTO prospects_importrow
        (import_id, line, outcome, reason, notes, cells, prospect_id, detail_ids, gains)
    SELECT %(run_id)s, imported.line,
        CASE WHEN imported.reason <> '' THEN 'refused'
            WHEN imported.is_new OR (imported.prospect_id IS NULL AND gained.gains IS NOT NULL) THEN 'created'
            WHEN imported.filled OR imported.detail_ids IS NOT NULL OR gained.gains IS NOT NULL THEN 'updated'
            ELSE 'unchanged' END,
        imported.reason, imported.notes, imported.cells, imported.prospect_id, imported.detail_ids, gained.gains
    FROM import_row AS imported
    LEFT JOIN (
        SELECT line, jsonb_agg(jsonb_build_array(what, id, was)) AS gains FROM import_gain GROUP BY line
    ) AS gained USING (line)
    RETURNING outcome, reason
)
SELECT outcome, reason, count(*) FROM told GROUP BY outcome, reason
"""

# A consent is recorded once, unless the undo of an earlier import voided it.
CONSENTS = """
SELECT DISTINCT ON (word.address_key, word.channel, word.purpose_id, word.at)
    'given' AS kind, word.address_key, word.key_id, word.channel, word.purpose_id, word.at,
    %(notice_id)s::bigint AS notice_id,
    (SELECT id FROM consent_box AS box WHERE box.notice_id = %(notice_id)s::bigint AND box.purpose_id = word.purpose_id
        AND box.channel = word.channel AND box.kind = 'opt_in') AS box_id,
    word.needs_confirmation, NULL::bigint AS about_id, word.evidence
FROM import_word AS word
WHERE word.kind = 'given' AND NOT EXISTS (
    SELECT FROM consent_act AS act
    WHERE act.address_key = word.address_key AND act.kind = 'given' AND act.channel = word.channel
        AND act.purpose_id = word.purpose_id AND act.at = word.at
        AND NOT EXISTS (
            SELECT FROM consent_act AS undone WHERE undone.about_id = act.id AND undone.kind = 'voided'))
ORDER BY word.address_key, word.channel, word.purpose_id, word.at, word.line
"""
# As `consent.acts.record_stop`: a stop that stands already, with no consent since, is not said again.
STOPS = """
SELECT said.kind, stop.address_key, stop.key_id, stop.channel, stop.purpose_id, stop.at, NULL::bigint AS notice_id,
    NULL::bigint AS box_id, false AS needs_confirmation, NULL::bigint AS about_id, stop.evidence
FROM (
    SELECT DISTINCT ON (word.address_key, word.channel) word.*
    FROM import_word AS word
    WHERE word.kind = 'objected' AND NOT EXISTS (
        SELECT FROM consent_objection AS known
        WHERE known.address_key = word.address_key AND known.channel IS NOT DISTINCT FROM word.channel
            AND known.purpose_id IS NULL
            AND (known.at >= word.at OR NOT EXISTS (
                SELECT FROM consent_permission AS permission
                WHERE permission.address_key = word.address_key AND permission.withdrawn_at IS NULL
                    AND (word.channel IS NULL OR permission.channel = word.channel))))
    ORDER BY word.address_key, word.channel, word.at DESC, word.line
) AS stop CROSS JOIN (VALUES ('withdrawn'), ('objected')) AS said (kind)
"""
