from django.db import migrations

# What happens is written for the programs that want to be told in the very transaction in which it happens, whoever
# does it: page, import, purge or psql. Where no webhook is active, one look at a tiny table is all that it costs.
# Acts about one address follow each other under a lock (consent/acts.py), so that their deliveries are in order too.
FORWARDS = """
CREATE FUNCTION api_tell_acts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM api_endpoint WHERE is_active) THEN
        INSERT INTO api_delivery (endpoint_id, message_id, event, subject, data, happened_at, status)
        SELECT endpoint.id, gen_random_uuid(), said.event, said.address_key, jsonb_build_object(
            'address_key', said.address_key, 'channel', said.channel, 'purpose', purpose.slug, 'at', said.at,
            'act', said.id), now(), 'waiting'
        FROM (
            SELECT act.*, CASE
                WHEN kind IN ('confirmed', 'renewed') OR (kind = 'given' AND NOT needs_confirmation)
                    THEN 'consent.given'
                WHEN kind = 'withdrawn' THEN 'consent.withdrawn'
                WHEN kind = 'objected' THEN 'objection.recorded' END AS event
            FROM recorded AS act
        ) AS said
        LEFT JOIN consent_purpose AS purpose ON purpose.id = said.purpose_id
        JOIN api_endpoint AS endpoint ON endpoint.is_active AND said.event = ANY(endpoint.events)
        ORDER BY said.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER api_tells_acts AFTER INSERT ON consent_act
REFERENCING NEW TABLE AS recorded FOR EACH STATEMENT EXECUTE FUNCTION api_tell_acts();

CREATE FUNCTION api_tell_erasures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM api_endpoint WHERE is_active) THEN
        INSERT INTO api_delivery (endpoint_id, message_id, event, subject, data, happened_at, status)
        SELECT endpoint.id, gen_random_uuid(), 'person.erased', 'person ' || erased.id,
            jsonb_build_object('person', erased.id), now(), 'waiting'
        FROM erased JOIN api_endpoint AS endpoint
            ON endpoint.is_active AND 'person.erased' = ANY(endpoint.events)
        ORDER BY erased.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER api_tells_erasures AFTER DELETE ON prospects_prospect
REFERENCING OLD TABLE AS erased FOR EACH STATEMENT EXECUTE FUNCTION api_tell_erasures();

CREATE FUNCTION api_tell_signup() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO api_delivery (endpoint_id, message_id, event, subject, data, happened_at, status)
    SELECT endpoint.id, gen_random_uuid(), 'signup.confirmed', NEW.address_key, jsonb_build_object(
        'address_key', NEW.address_key, 'form', (SELECT slug FROM consent_signupform WHERE id = NEW.form_id)),
        now(), 'waiting'
    FROM api_endpoint AS endpoint WHERE is_active AND 'signup.confirmed' = ANY(events);
    RETURN NULL;
END $$;
CREATE TRIGGER api_tells_signups AFTER UPDATE OF status ON prospects_pendingsignup
FOR EACH ROW WHEN (NEW.status = 'confirmed' AND OLD.status <> 'confirmed') EXECUTE FUNCTION api_tell_signup();

CREATE FUNCTION api_tell_campaign() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO api_delivery (endpoint_id, message_id, event, subject, data, happened_at, status)
    SELECT endpoint.id, gen_random_uuid(), 'campaign.finished', 'campaign ' || NEW.id, jsonb_build_object(
        'campaign', NEW.id, 'status', NEW.status), now(), 'waiting'
    FROM api_endpoint AS endpoint WHERE is_active AND 'campaign.finished' = ANY(events);
    RETURN NULL;
END $$;
CREATE TRIGGER api_tells_campaigns AFTER UPDATE OF status ON campaigns_campaign
FOR EACH ROW WHEN (NEW.status IN ('done', 'cancelled') AND OLD.status <> NEW.status)
EXECUTE FUNCTION api_tell_campaign();
"""
BACKWARDS = """
DROP TRIGGER api_tells_campaigns ON campaigns_campaign;
DROP TRIGGER api_tells_signups ON prospects_pendingsignup;
DROP TRIGGER api_tells_erasures ON prospects_prospect;
DROP TRIGGER api_tells_acts ON consent_act;
DROP FUNCTION api_tell_campaign, api_tell_signup, api_tell_erasures, api_tell_acts;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("api", "0002_webhooks"),
        ("campaigns", "0022_series"),
        ("consent", "0017_campaigns_may_need_approval"),
        ("prospects", "0023_merged_records_go_with_their_person"),
    ]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
