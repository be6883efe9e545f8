import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('campaigns', '0023_campaigns_on_every_channel'), ('consent', '0022_senders_stand_alone')]

    operations = [
        migrations.AddField(
            model_name='campaign',
            name='sender',
            field=models.ForeignKey(
                blank=True,
                help_text="In whose name it leaves; the default one's if nobody is chosen.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name='campaigns',
                to='consent.sender',
                verbose_name='sender',
            ),
        ),
        migrations.AddField(
            model_name='template',
            name='sender',
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name='templates',
                to='consent.sender',
                verbose_name='sender',
            ),
        ),
    ]
