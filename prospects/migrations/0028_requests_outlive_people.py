from django.db import migrations

from config.database import on_delete


class Migration(migrations.Migration):
    dependencies = [("prospects", "0027_requests_of_people")]

    operations = [on_delete("prospects_rightsrequest", "prospect_id", "prospects_prospect", "SET NULL")]
