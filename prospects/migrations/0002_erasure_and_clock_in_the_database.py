from django.db import migrations

from config.database import on_delete

PROSPECT_TABLES = ["source", "contactdetail", "interaction", "purchase", "contract", "informationrequest", "callattempt", "legalhold"]

# active_at is the latest of collection, interaction and transaction: the purge finds the silent by its index.
CLOCK = """
CREATE FUNCTION prospects_detail_starts_its_clock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.active_at := greatest(
        (SELECT collected_at FROM prospects_source WHERE id = NEW.source_id),
        (SELECT max(at) FROM prospects_interaction WHERE prospect_id = NEW.prospect_id),
        (SELECT max(at) FROM prospects_purchase WHERE prospect_id = NEW.prospect_id));
    RETURN NEW;
END $$;
CREATE TRIGGER prospects_detail_starts_its_clock
BEFORE INSERT OR UPDATE OF source_id, prospect_id ON prospects_contactdetail
FOR EACH ROW EXECUTE FUNCTION prospects_detail_starts_its_clock();

CREATE FUNCTION prospects_sign_of_life() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE prospects_contactdetail AS detail SET active_at = sign.at
    FROM (SELECT prospect_id, max(at) AS at FROM signs GROUP BY prospect_id) AS sign
    WHERE detail.prospect_id = sign.prospect_id AND (detail.active_at < sign.at OR detail.active_at IS NULL);
    RETURN NULL;
END $$;

CREATE FUNCTION prospects_sign_of_life_taken_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE prospects_contactdetail AS detail SET source_id = source_id  -- fires prospects_detail_starts_its_clock
    FROM prospects_prospect AS prospect  -- gone already where a person is being erased
    WHERE prospect.id = detail.prospect_id AND prospect.id IN (SELECT prospect_id FROM signs);
    RETURN NULL;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {table}_is_a_sign_of_life AFTER INSERT ON {table}
REFERENCING NEW TABLE AS signs FOR EACH STATEMENT EXECUTE FUNCTION prospects_sign_of_life();
CREATE TRIGGER {table}_is_taken_back AFTER DELETE ON {table}
REFERENCING OLD TABLE AS signs FOR EACH STATEMENT EXECUTE FUNCTION prospects_sign_of_life_taken_back();
CREATE TRIGGER {table}_is_corrected AFTER UPDATE ON {table}
REFERENCING NEW TABLE AS signs FOR EACH STATEMENT EXECUTE FUNCTION prospects_sign_of_life_taken_back();
"""
    for table in ("prospects_interaction", "prospects_purchase")
) + """
CREATE TRIGGER prospects_source_is_corrected AFTER UPDATE ON prospects_source
REFERENCING NEW TABLE AS signs FOR EACH STATEMENT EXECUTE FUNCTION prospects_sign_of_life_taken_back();
"""

UNDO = """
DROP TRIGGER prospects_source_is_corrected ON prospects_source;
DROP TRIGGER prospects_interaction_is_corrected ON prospects_interaction;
DROP TRIGGER prospects_interaction_is_taken_back ON prospects_interaction;
DROP TRIGGER prospects_interaction_is_a_sign_of_life ON prospects_interaction;
DROP TRIGGER prospects_purchase_is_corrected ON prospects_purchase;
DROP TRIGGER prospects_purchase_is_taken_back ON prospects_purchase;
DROP TRIGGER prospects_purchase_is_a_sign_of_life ON prospects_purchase;
DROP TRIGGER prospects_detail_starts_its_clock ON prospects_contactdetail;
DROP FUNCTION prospects_sign_of_life_taken_back, prospects_sign_of_life, prospects_detail_starts_its_clock;
"""


class Migration(migrations.Migration):
    dependencies = [("prospects", "0001_initial")]
    operations = [
        *(on_delete(f"prospects_{table}", "prospect_id", "prospects_prospect", "CASCADE") for table in PROSPECT_TABLES),
        on_delete("prospects_source", "also_of_id", "prospects_contactdetail", "CASCADE"),
        on_delete("prospects_contactdetail", "source_id", "prospects_source", "CASCADE"),
        migrations.RunSQL(CLOCK, UNDO),
    ]
