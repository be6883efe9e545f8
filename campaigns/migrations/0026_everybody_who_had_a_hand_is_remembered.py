import django.contrib.postgres.fields
from django.conf import settings
from django.db import migrations, models

# Whatever statement names who wrote, changed or scheduled a campaign, its editors grow with it: no code can forget to.
_REMEMBER = """
CREATE FUNCTION campaigns_remember_editors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT coalesce(array_agg(DISTINCT editor ORDER BY editor), '{}') INTO NEW.editors
    FROM unnest(
        CASE TG_OP WHEN 'UPDATE' THEN OLD.editors END || NEW.editors
        || NEW.created_by_id || NEW.edited_by_id || NEW.requested_by_id) AS editor
    WHERE editor IS NOT NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER remember_editors BEFORE INSERT OR UPDATE OF editors, created_by_id, edited_by_id, requested_by_id
    ON campaigns_campaign FOR EACH ROW EXECUTE FUNCTION campaigns_remember_editors();
UPDATE campaigns_campaign AS campaign SET editors = ARRAY(
    SELECT DISTINCT version.saved_by_id FROM campaigns_version AS version
    WHERE version.campaign_id = campaign.id AND version.saved_by_id IS NOT NULL
        AND version.saved_by_id IS DISTINCT FROM campaign.approved_by_id);
"""
_FORGET = """
DROP TRIGGER remember_editors ON campaigns_campaign;
DROP FUNCTION campaigns_remember_editors();
"""


class Migration(migrations.Migration):
    dependencies = [
        ('campaigns', '0025_a_template_outlives_its_sender'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='campaign',
            name='editors',
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.IntegerField(),
                db_default=[],
                default=list,
                editable=False,
                help_text='The numbers of all who ever wrote, changed or scheduled it; the database adds them by itself.',
                size=None,
            ),
        ),
        migrations.RunSQL(_REMEMBER, _FORGET),
    ]
