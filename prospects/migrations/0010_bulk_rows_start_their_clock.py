from django.db import migrations

# Whoever inserts many details reckons their clocks set-based and gives them along: one statement then verifies them
# all, where the row trigger would ask three questions for each. Details inserted without a clock get theirs as before.
FORWARDS = """
DROP TRIGGER prospects_detail_starts_its_clock ON prospects_contactdetail;
CREATE TRIGGER prospects_detail_starts_its_clock
BEFORE INSERT ON prospects_contactdetail
FOR EACH ROW WHEN (NEW.active_at IS NULL) EXECUTE FUNCTION prospects_detail_starts_its_clock();
CREATE TRIGGER prospects_detail_moves_its_clock
BEFORE UPDATE OF source_id, prospect_id ON prospects_contactdetail
FOR EACH ROW EXECUTE FUNCTION prospects_detail_starts_its_clock();

CREATE FUNCTION prospects_details_have_true_clocks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE prospects_contactdetail AS detail SET active_at = clock.at
    FROM (
        SELECT started.id, started.active_at, greatest(
            (SELECT collected_at FROM prospects_source WHERE id = started.source_id),
            (SELECT max(at) FROM prospects_interaction WHERE prospect_id = started.prospect_id),
            (SELECT max(at) FROM prospects_purchase WHERE prospect_id = started.prospect_id)) AS at
        FROM started WHERE started.active_at IS NOT NULL
    ) AS clock
    WHERE clock.at IS DISTINCT FROM clock.active_at AND detail.id = clock.id;
    RETURN NULL;
END $$;
CREATE TRIGGER prospects_details_have_true_clocks AFTER INSERT ON prospects_contactdetail
REFERENCING NEW TABLE AS started FOR EACH STATEMENT EXECUTE FUNCTION prospects_details_have_true_clocks();
"""
BACKWARDS = """
DROP TRIGGER prospects_details_have_true_clocks ON prospects_contactdetail;
DROP FUNCTION prospects_details_have_true_clocks;
DROP TRIGGER prospects_detail_moves_its_clock ON prospects_contactdetail;
DROP TRIGGER prospects_detail_starts_its_clock ON prospects_contactdetail;
CREATE TRIGGER prospects_detail_starts_its_clock
BEFORE INSERT OR UPDATE OF source_id, prospect_id ON prospects_contactdetail
FOR EACH ROW EXECUTE FUNCTION prospects_detail_starts_its_clock();
"""

# An import's report knows values that it filled in; they go with the person.
ERASED = """
CREATE FUNCTION prospects_report_forgets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM gone) THEN
        UPDATE prospects_importrow SET gains = NULL
        WHERE gains IS NOT NULL AND prospect_id IN (SELECT id FROM gone);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER prospects_report_forgets AFTER DELETE ON prospects_prospect
REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION prospects_report_forgets();
"""


class Migration(migrations.Migration):
    dependencies = [("prospects", "0009_imports_and_their_reports")]
    operations = [
        migrations.RunSQL(FORWARDS, BACKWARDS),
        migrations.RunSQL(
            ERASED, "DROP TRIGGER prospects_report_forgets ON prospects_prospect; DROP FUNCTION prospects_report_forgets;"
        ),
    ]
