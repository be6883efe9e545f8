from django.db import migrations

from config.database import on_delete


class Migration(migrations.Migration):
    dependencies = [("prospects", "0016_signups_refused_and_welcomed")]

    operations = [on_delete("prospects_pendingsignup", "detail_id", "prospects_contactdetail", "SET NULL")]
