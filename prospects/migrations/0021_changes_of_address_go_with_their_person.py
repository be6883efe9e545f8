from django.db import migrations

from config.database import on_delete


class Migration(migrations.Migration):
    dependencies = [("prospects", "0020_changes_of_address")]

    operations = [on_delete("prospects_addresschange", "detail_id", "prospects_contactdetail", "CASCADE")]
