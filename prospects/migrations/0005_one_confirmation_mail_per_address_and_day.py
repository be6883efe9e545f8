from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("prospects", "0004_one_month_to_tell_and_one_question_to_stay")]

    operations = [
        migrations.AddIndex(
            model_name="pendingsignup",
            index=models.Index(fields=["address_key", "last_mail_at"], name="pending_mails_of_an_address"),
        ),
    ]
