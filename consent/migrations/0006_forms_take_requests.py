from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consent", "0005_retention_finds_what_ended")]

    operations = [
        migrations.AlterField(
            model_name="signupform",
            name="resource",
            field=models.CharField(
                choices=[
                    ("none", "nothing"),
                    ("file", "a file"),
                    ("page", "a page"),
                    ("answer", "an answer, shown at once"),
                    ("request", "an answer that staff send: the request is kept"),
                ],
                default="none",
                max_length=10,
                verbose_name="what the form gives",
            ),
        ),
    ]
