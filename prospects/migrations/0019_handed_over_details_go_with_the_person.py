from django.db import migrations

from config.database import on_delete


class Migration(migrations.Migration):
    dependencies = [("prospects", "0018_exports")]
    operations = [
        on_delete("prospects_handedover", "export_id", "prospects_export", "CASCADE"),
        on_delete("prospects_handedover", "detail_id", "prospects_contactdetail", "CASCADE"),
    ]
