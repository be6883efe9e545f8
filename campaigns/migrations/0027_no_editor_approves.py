from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('campaigns', '0026_everybody_who_had_a_hand_is_remembered')]

    operations = [
        migrations.RemoveConstraint(model_name='campaign', name='nobody_approves_their_own_campaign'),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ('approved_by__isnull', True),
                    models.Q(('editors__contains', [models.F('approved_by')]), _negated=True),
                    _connector='OR',
                ),
                name='nobody_approves_their_own_campaign',
            ),
        ),
    ]
