"""What each section of a record reads, about the person `{prospect}` or the address keys `{keys}`, in `{language}`."""

from typing import LiteralString

WHO: LiteralString = """
SELECT person.kind, person.first_name, person.last_name, person.company,
    coalesce(nullif(CASE {language} WHEN 'en' THEN activity.name_en END, ''), activity.name_fr),
    person.born_on, person.language, person.time_zone, person.created_at, person.restricted_at
FROM prospects_prospect AS person LEFT JOIN prospects_activity AS activity ON activity.id = person.activity_id
WHERE person.id = {prospect}
"""
EXTRAS: LiteralString = """
SELECT coalesce(CASE {language} WHEN 'en' THEN field.label_en ELSE field.label_fr END, entry.key),
    entry.value #>> '{{}}', field.why
FROM prospects_prospect AS person CROSS JOIN LATERAL jsonb_each(person.extra) AS entry
LEFT JOIN prospects_extrafield AS field ON field.slug = entry.key
WHERE person.id = {prospect} ORDER BY entry.key
"""
DETAILS: LiteralString = """
SELECT detail.medium, detail.address, detail.is_generic, detail.state, detail.active_at, detail.asked_to_stay_at,
    detail.address_key
FROM prospects_contactdetail AS detail JOIN prospects_source AS source ON source.id = detail.source_id
WHERE detail.prospect_id = {prospect}
"""
FROM_THE_PERSON: LiteralString = " AND source.kind NOT IN ('partner', 'unknown')"
SOURCES: LiteralString = """
SELECT coalesce(own.address, further.address), source.kind, source.collected_at, source.obtained_at,
    source.collected_by, source.place, source.partner, notice.code || ' v' || notice.version, source.informed,
    source.told_at, source.evidence::text
FROM prospects_source AS source
LEFT JOIN prospects_contactdetail AS own ON own.source_id = source.id
LEFT JOIN prospects_contactdetail AS further ON further.id = source.also_of_id
LEFT JOIN consent_notice AS notice ON notice.id = source.notice_id
WHERE source.prospect_id = {prospect} ORDER BY source.obtained_at, source.id
"""
# The wording as it was shown: that of the notice's version, of the box and of the language that the act names.
ACTS: LiteralString = """
SELECT act.at, act.kind, act.channel,
    coalesce(nullif(CASE {language} WHEN 'en' THEN purpose.name_en END, ''), purpose.name_fr),
    detail.address, act.origin, notice.code || ' v' || notice.version,
    CASE act.language WHEN 'en' THEN box.label_en ELSE box.label_fr END,
    CASE act.language
        WHEN 'en' THEN concat_ws(' ', nullif(box.says_who_en, ''), nullif(box.says_choice_en, ''),
            nullif(box.says_period_en, ''), nullif(box.says_withdrawal_en, ''), nullif(box.says_proof_en, ''))
        ELSE concat_ws(' ', nullif(box.says_who_fr, ''), nullif(box.says_choice_fr, ''),
            nullif(box.says_period_fr, ''), nullif(box.says_withdrawal_fr, ''), nullif(box.says_proof_fr, '')) END,
    act.language, act.mentions_complete,
    act.evidence::text, act.recorded_at
FROM consent_act AS act
LEFT JOIN LATERAL (SELECT address FROM prospects_contactdetail
    WHERE address_key = act.address_key AND prospect_id = {prospect} LIMIT 1) AS detail ON true
LEFT JOIN consent_purpose AS purpose ON purpose.id = act.purpose_id
LEFT JOIN consent_notice AS notice ON notice.id = act.notice_id
LEFT JOIN consent_box AS box ON box.id = act.box_id
WHERE act.address_key = ANY({keys}::uuid[])
"""
SAID_BY_THE_PERSON: LiteralString = " AND act.kind IN ('given', 'confirmed', 'renewed', 'withdrawn', 'objected')"
IN_ORDER: LiteralString = " ORDER BY act.at, act.id"
NOTICES: LiteralString = """
SELECT notice.code || ' v' || notice.version, shown.language, notice.published_at,
    CASE shown.language WHEN 'en' THEN notice.information_en ELSE notice.information_fr END
FROM (
    SELECT notice_id, coalesce(language, 'fr') AS language FROM consent_act WHERE address_key = ANY({keys}::uuid[])
    UNION SELECT source.notice_id, person.language FROM prospects_source AS source
        JOIN prospects_prospect AS person ON person.id = source.prospect_id
        WHERE source.prospect_id = {prospect} AND NOT EXISTS (SELECT FROM consent_act AS act
            WHERE act.address_key = ANY({keys}::uuid[]) AND act.notice_id = source.notice_id)
) AS shown JOIN consent_notice AS notice ON notice.id = shown.notice_id
ORDER BY 1, 2
"""
PERMISSIONS: LiteralString = """
SELECT permission.channel,
    coalesce(nullif(CASE {language} WHEN 'en' THEN purpose.name_en END, ''), purpose.name_fr),
    permission.given_at, permission.confirmed_at, permission.withdrawn_at, permission.lapsed_at
FROM consent_permission AS permission JOIN consent_purpose AS purpose ON purpose.id = permission.purpose_id
WHERE permission.address_key = ANY({keys}::uuid[]) ORDER BY permission.id
"""
OBJECTIONS: LiteralString = """
SELECT objection.at, objection.channel,
    coalesce(nullif(CASE {language} WHEN 'en' THEN purpose.name_en END, ''), purpose.name_fr)
FROM consent_objection AS objection
LEFT JOIN consent_purpose AS purpose ON purpose.id = objection.purpose_id
WHERE objection.address_key = ANY({keys}::uuid[]) ORDER BY objection.at, objection.id
"""
SCANS: LiteralString = """
SELECT digest, content_type, given_at, added_at FROM consent_scan
WHERE address_keys && {keys}::uuid[] ORDER BY given_at, digest
"""
INTERACTIONS: LiteralString = (
    "SELECT at, kind FROM prospects_interaction WHERE prospect_id = {prospect} ORDER BY at, id"
)
PURCHASES: LiteralString = """
SELECT purchase.at,
    coalesce(nullif(CASE {language} WHEN 'en' THEN family.name_en END, ''), family.name_fr, purchase.family),
    purchase.reference
FROM prospects_purchase AS purchase LEFT JOIN prospects_family AS family ON family.path = purchase.family
WHERE purchase.prospect_id = {prospect} ORDER BY purchase.at, purchase.id
"""
CONTRACTS: LiteralString = """
SELECT starts_on, ends_on, array_to_string(families, ', ') FROM prospects_contract
WHERE prospect_id = {prospect} ORDER BY starts_on, id
"""
ASKED: LiteralString = """
SELECT at, array_to_string(families, ', '), evidence FROM prospects_informationrequest
WHERE prospect_id = {prospect} ORDER BY at, id
"""
# What the person asked, without the notes that staff took of it.
ASKED_ABOUT: LiteralString = """
SELECT at, array_to_string(families, ', '), NULL FROM prospects_informationrequest
WHERE prospect_id = {prospect} ORDER BY at, id
"""
CALLS: LiteralString = """
SELECT at, outcome, agreed_from, agreed_until, note FROM prospects_callattempt
WHERE prospect_id = {prospect} ORDER BY at, id
"""
HOLDS: LiteralString = """
SELECT starts_at, ends_at, forbids_erasure, reason FROM prospects_legalhold
WHERE prospect_id = {prospect} ORDER BY starts_at, id
"""
CHANGES: LiteralString = """
SELECT change.asked_at, change.new_address, change.old_confirmed_at, change.new_confirmed_at, change.expires_at
FROM prospects_addresschange AS change JOIN prospects_contactdetail AS detail ON detail.id = change.detail_id
WHERE detail.prospect_id = {prospect}
"""
SIGNUPS: LiteralString = """
SELECT pending.signed_up_at, form.slug, pending.status, pending.answers::text, pending.page, pending.network,
    pending.mails_sent, pending.expires_at
FROM prospects_pendingsignup AS pending JOIN consent_signupform AS form ON form.id = pending.form_id
WHERE pending.address_key = ANY({keys}::uuid[]) ORDER BY pending.signed_up_at
"""
RECIPIENTS: LiteralString = """
SELECT export.made_at, export.recipient, export.why, detail.address, handed.ground
FROM prospects_handedover AS handed
JOIN prospects_export AS export ON export.id = handed.export_id
JOIN prospects_contactdetail AS detail ON detail.id = handed.detail_id
WHERE detail.prospect_id = {prospect} ORDER BY export.made_at, export.id
"""
RIGHTS: LiteralString = """
SELECT id, asked_at, "right", door, status, identity, due_on, extended_why, answered_at, answer, words,
    to_tell::text, recipients_told_at
FROM prospects_rightsrequest WHERE prospect_id = {prospect} OR address_key = ANY({keys}::uuid[]) ORDER BY id
"""
MERGED: LiteralString = "SELECT number, at FROM prospects_mergedrecord WHERE prospect_id = {prospect} ORDER BY at"
# Of staff's acts the day and what was done, not who did it: they are people too (CJEU C-579/21).
STAFF: LiteralString = """
SELECT entry.action_time, CASE entry.action_flag WHEN 1 THEN 'added' WHEN 3 THEN 'deleted' ELSE 'changed' END
FROM django_admin_log AS entry
JOIN django_content_type AS content ON content.id = entry.content_type_id
WHERE content.app_label = 'prospects' AND content.model = 'prospect' AND entry.object_id = {prospect}::text
ORDER BY entry.id
"""
