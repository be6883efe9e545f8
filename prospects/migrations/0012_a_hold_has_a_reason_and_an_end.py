from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('prospects', '0011_sources_that_inform_later'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='legalhold',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='a_hold_has_its_reason'),
        ),
        migrations.AddConstraint(
            model_name='legalhold',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gte', models.F('starts_at'))), name='a_hold_ends_after_it_starts'),
        ),
    ]
