from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consent", "0012_forms_may_welcome")]
    operations = [
        # Room for one more version of a few rows of each page: more would make more pages to write at a purge.
        migrations.RunSQL(
            "ALTER TABLE consent_permission SET (fillfactor = 90)", "ALTER TABLE consent_permission SET (fillfactor = 75)"
        ),
        migrations.RemoveIndex(model_name="act", name="acts_of_an_address"),
        migrations.AddIndex(
            model_name="act", index=models.Index(fields=["address_key"], name="acts_of_an_address")
        ),
    ]
