import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('consent', '0019_acts_by_the_page_of_rights')]

    operations = [
        migrations.CreateModel(
            name='Sender',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name shown')),
                (
                    'address',
                    models.EmailField(
                        help_text='Its domain must let your servers send: see the check page.',
                        max_length=254,
                        verbose_name='address',
                    ),
                ),
                (
                    'reply_to',
                    models.EmailField(
                        blank=True,
                        help_text="Where answers to mails go; the organisation's e-mail for questions if empty.",
                        max_length=254,
                        verbose_name='address for replies',
                    ),
                ),
                (
                    'is_default',
                    models.BooleanField(
                        default=False,
                        help_text='Signs confirmations and other mails of the service, and campaigns that choose nobody else.',
                        verbose_name='the default one',
                    ),
                ),
                (
                    'is_active',
                    models.BooleanField(
                        default=True,
                        help_text='Campaigns that are not scheduled yet cannot leave from an inactive one.',
                        verbose_name='active',
                    ),
                ),
            ],
            options={
                'verbose_name': 'sender',
                'verbose_name_plural': 'senders',
                'ordering': ['-is_default', 'name', 'pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='sender',
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower('address'),
                name='one_sender_each_address',
                violation_error_message='Another sender has this address.',
            ),
        ),
        migrations.AddConstraint(
            model_name='sender',
            constraint=models.UniqueConstraint(
                condition=models.Q(('is_default', True)), fields=('is_default',), name='one_default_sender'
            ),
        ),
        migrations.AddConstraint(
            model_name='sender',
            constraint=models.CheckConstraint(
                condition=models.Q(('is_default', False), ('is_active', True), _connector='OR'),
                name='the_default_sender_is_active',
            ),
        ),
    ]
