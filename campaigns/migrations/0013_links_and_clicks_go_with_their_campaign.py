from django.db import migrations

from config.database import on_delete


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0012_links_and_their_clicks")]
    operations = [
        on_delete("campaigns_link", "campaign_id", "campaigns_campaign", "CASCADE"),
        on_delete("campaigns_click", "link_id", "campaigns_link", "CASCADE"),
        on_delete("campaigns_click", "message_id", "campaigns_message", "CASCADE"),
    ]
