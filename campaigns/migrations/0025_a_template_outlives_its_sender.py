from django.db import migrations

from config.database import on_delete


class Migration(migrations.Migration):
    dependencies = [('campaigns', '0024_campaigns_choose_a_sender')]

    operations = [on_delete('campaigns_template', 'sender_id', 'consent_sender', 'SET NULL')]
