from django.db import migrations

# The digest covers everything that the act says, and a salt that is erased with it. Times are read in UTC.
ACTS = """
CREATE FUNCTION consent_act_digest(act consent_act) RETURNS bytea
LANGUAGE sql STABLE SET timezone TO 'UTC' AS $$
    SELECT sha256(convert_to((to_jsonb(act) - 'digest' - 'erased_by')::text, 'UTF8'))
$$;

CREATE FUNCTION consent_act_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.salt := gen_random_uuid();
    NEW.recorded_at := clock_timestamp();
    NEW.digest := consent_act_digest(NEW);
    RETURN NEW;
END $$;
CREATE TRIGGER consent_act_seal BEFORE INSERT ON consent_act FOR EACH ROW EXECUTE FUNCTION consent_act_seal();

CREATE FUNCTION consent_act_is_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.erased_by IS NULL AND NEW.erased_by IS NOT NULL
        AND NEW.erased_by::text = current_setting('loyal.retention_run', true)
        AND NEW.id = OLD.id AND NEW.digest = OLD.digest AND NEW.recorded_at = OLD.recorded_at
        AND num_nonnulls(NEW.kind, NEW.address_key, NEW.key_id, NEW.channel, NEW.purpose_id, NEW.at, NEW.origin,
            NEW.notice_id, NEW.box_id, NEW.language, NEW.about_id, NEW.evidence, NEW.salt) = 0
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'acts are append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER consent_act_is_for_good BEFORE UPDATE OR DELETE ON consent_act
FOR EACH ROW EXECUTE FUNCTION consent_act_is_for_good();
CREATE TRIGGER consent_act_is_never_emptied BEFORE TRUNCATE ON consent_act
FOR EACH STATEMENT EXECUTE FUNCTION consent_act_is_for_good();
"""

NOTICES = """
CREATE FUNCTION consent_notice_is_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        RAISE EXCEPTION 'a published notice cannot change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER consent_notice_is_for_good BEFORE UPDATE OR DELETE ON consent_notice
FOR EACH ROW EXECUTE FUNCTION consent_notice_is_for_good();

CREATE FUNCTION consent_box_is_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM consent_notice WHERE published_at IS NOT NULL
            AND id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.notice_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.notice_id END)
    ) THEN
        RAISE EXCEPTION 'the boxes of a published notice cannot change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER consent_box_is_for_good BEFORE INSERT OR UPDATE OR DELETE ON consent_box
FOR EACH ROW EXECUTE FUNCTION consent_box_is_for_good();
"""

UNDO = """
DROP TRIGGER consent_box_is_for_good ON consent_box;
DROP TRIGGER consent_notice_is_for_good ON consent_notice;
DROP TRIGGER consent_act_is_never_emptied ON consent_act;
DROP TRIGGER consent_act_is_for_good ON consent_act;
DROP TRIGGER consent_act_seal ON consent_act;
DROP FUNCTION consent_box_is_for_good, consent_notice_is_for_good, consent_act_is_for_good, consent_act_seal,
    consent_act_digest;
"""


class Migration(migrations.Migration):
    dependencies = [("consent", "0001_initial")]
    operations = [migrations.RunSQL(ACTS + NOTICES, UNDO)]
