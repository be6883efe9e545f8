from django.db import migrations

from config.database import on_delete


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0005_windows_bounces_and_stops")]
    operations = [on_delete("campaigns_bounce", "message_id", "campaigns_message", "CASCADE")]
