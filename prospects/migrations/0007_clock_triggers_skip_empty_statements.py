from django.db import migrations

# The database fires these after every statement, and an erasure makes one per person and table: most touch no row.
FORWARDS = """
CREATE OR REPLACE FUNCTION prospects_sign_of_life_taken_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM signs) THEN
        UPDATE prospects_contactdetail AS detail SET source_id = source_id  -- fires prospects_detail_starts_its_clock
        FROM prospects_prospect AS prospect  -- gone already where a person is being erased
        WHERE prospect.id = detail.prospect_id AND prospect.id IN (SELECT prospect_id FROM signs);
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("prospects", "0006_retention_finds_what_is_due")]
    operations = [migrations.RunSQL(FORWARDS, migrations.RunSQL.noop)]
