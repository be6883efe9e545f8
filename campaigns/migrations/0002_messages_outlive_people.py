from django.db import migrations

from config.database import on_delete


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial"), ("prospects", "0002_erasure_and_clock_in_the_database")]
    operations = [
        on_delete("campaigns_message", "detail_id", "prospects_contactdetail", "SET NULL"),
        on_delete("campaigns_message", "campaign_id", "campaigns_campaign", "CASCADE"),
    ]
