from django.db import migrations

_FORWARDS = """
INSERT INTO consent_sender (name, address, reply_to, is_default, is_active)
SELECT coalesce(nullif(sender_name, ''), left(name, 100)), sender_email, reply_to, true, true
FROM consent_organisation WHERE sender_email <> '';
"""
_BACKWARDS = """
UPDATE consent_organisation AS organisation
SET sender_name = sender.name, sender_email = sender.address, reply_to = sender.reply_to
FROM consent_sender AS sender WHERE sender.is_default;
"""


class Migration(migrations.Migration):
    dependencies = [('consent', '0020_senders')]

    operations = [migrations.RunSQL(_FORWARDS, _BACKWARDS)]
