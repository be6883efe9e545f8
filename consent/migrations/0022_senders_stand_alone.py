from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [('consent', '0021_the_organisations_sender_is_the_default')]

    operations = [
        migrations.RemoveField(model_name='organisation', name='sender_name'),
        migrations.RemoveField(model_name='organisation', name='sender_email'),
        migrations.RemoveField(model_name='organisation', name='reply_to'),
    ]
