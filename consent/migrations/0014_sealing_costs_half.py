from django.db import migrations, models

# What is sealed is named, part by part: quicker than taking a row apart again, and a new column leaves old seals true.
SEAL = """
CREATE OR REPLACE FUNCTION consent_act_digest(act consent_act) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(convert_to(jsonb_build_array(
        act.id, act.kind, act.address_key, act.key_id, act.channel, act.purpose_id, extract(epoch FROM act.at),
        act.origin, act.notice_id, act.box_id, act.language, act.needs_confirmation, act.mentions_complete,
        act.about_id, act.evidence, extract(epoch FROM act.recorded_at), act.salt)::text, 'UTF8'))
$$;
"""
SEAL_BEFORE = """
CREATE OR REPLACE FUNCTION consent_act_digest(act consent_act) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN sha256(convert_to((
        to_jsonb(act) - 'digest' - 'erased_by' || jsonb_build_object(
            'at', extract(epoch FROM act.at), 'recorded_at', extract(epoch FROM act.recorded_at))
    )::text, 'UTF8'));
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("consent", "0013_acts_are_found_by_address")]
    operations = [
        migrations.RunSQL(SEAL, SEAL_BEFORE),
        # The trigger draws it, whatever is given: drawing one before would be for nothing.
        migrations.AlterField("act", "salt", models.UUIDField(editable=False, null=True)),
    ]
