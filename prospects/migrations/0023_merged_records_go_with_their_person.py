from django.db import migrations

from config.database import on_delete

# The log of staff acts is asked about one record on every person's page.
INDEX = "CREATE INDEX staff_acts_of_a_record ON django_admin_log (object_id, content_type_id)"


class Migration(migrations.Migration):
    dependencies = [
        ("prospects", "0022_extra_fields_and_merged_records"),
        ("admin", "0003_logentry_add_action_flag_choices"),
    ]
    operations = [
        on_delete("prospects_mergedrecord", "prospect_id", "prospects_prospect", "CASCADE"),
        migrations.RunSQL(INDEX, "DROP INDEX staff_acts_of_a_record"),
    ]
