from django.db import migrations

# Times are sealed as seconds since 1970: the same in every time zone, and quicker than setting one for each act.
SEAL = """
CREATE OR REPLACE FUNCTION consent_act_digest(act consent_act) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN sha256(convert_to((
        to_jsonb(act) - 'digest' - 'erased_by' || jsonb_build_object(
            'at', extract(epoch FROM act.at), 'recorded_at', extract(epoch FROM act.recorded_at))
    )::text, 'UTF8'));
END $$;
"""
SEAL_BEFORE = """
CREATE OR REPLACE FUNCTION consent_act_digest(act consent_act) RETURNS bytea
LANGUAGE sql STABLE SET timezone TO 'UTC' AS $$
    SELECT sha256(convert_to((to_jsonb(act) - 'digest' - 'erased_by')::text, 'UTF8'))
$$;
"""

# A permission is written when it is given and again when it is confirmed and ends: room beside it keeps that cheap.
ROOM = "ALTER TABLE consent_permission SET (fillfactor = 75)"
ROOM_BEFORE = "ALTER TABLE consent_permission RESET (fillfactor)"


class Migration(migrations.Migration):
    dependencies = [("consent", "0007_acts_and_permissions_are_cheap_to_write")]
    operations = [migrations.RunSQL(SEAL, SEAL_BEFORE), migrations.RunSQL(ROOM, ROOM_BEFORE)]
