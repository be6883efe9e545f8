from django.db import migrations

from config.database import on_delete


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0007_replies")]
    operations = [
        on_delete("campaigns_reply", "prospect_id", "prospects_prospect", "CASCADE"),
        on_delete("campaigns_reply", "message_id", "campaigns_message", "CASCADE"),
        on_delete("campaigns_reply", "hold_id", "prospects_legalhold", "SET NULL"),
    ]
