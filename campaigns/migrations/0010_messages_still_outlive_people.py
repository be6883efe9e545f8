from django.db import migrations

from config.database import on_delete


class Migration(migrations.Migration):
    # Altering a foreign key makes it anew, without what the database does on a deletion.
    dependencies = [("campaigns", "0009_indexes_that_sending_needs")]
    operations = [
        on_delete("campaigns_message", "detail_id", "prospects_contactdetail", "SET NULL"),
        on_delete("campaigns_message", "campaign_id", "campaigns_campaign", "CASCADE"),
    ]
