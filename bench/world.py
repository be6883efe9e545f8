"""A million people who agreed to receive offers, made in the database in bulk, once."""

import os

from django.db import connection
from django.utils import timezone

from consent.models import Organisation, Purpose, Sender

_TABLES = ("prospects_prospect", "prospects_source", "prospects_contactdetail", "consent_permission")

# Address keys are digests with a secret elsewhere; any distinct UUID serves here, and cascades of triggers are spared.
_PEOPLE = """
INSERT INTO prospects_prospect (id, kind, first_name, last_name, company, language, time_zone)
SELECT n, 'individual', (ARRAY['Zoé', 'Karim', 'Léa', 'Amélie', 'John', 'Nguyễn', 'Anaïs', 'Omar'])[1 + n %% 8],
    'Exemple-' || n, '', 'fr', 'Europe/Paris'
FROM generate_series(1, %(count)s) AS n;
INSERT INTO prospects_source (id, prospect_id, kind, collected_at, collected_by, place, partner, informed, evidence)
SELECT n, n, 'form', now() - (1 + n %% 700) * interval '1 day', '', 'Lettre', '', true, '{}'
FROM generate_series(1, %(count)s) AS n;
INSERT INTO prospects_contactdetail
    (id, prospect_id, medium, address, address_key, key_id, is_generic, state, source_id, active_at)
SELECT n, n, 'email', 'person-' || n || '@example.test', md5('person-' || n)::uuid, 1, false, 'usable', n,
    now() - (1 + n %% 700) * interval '1 day'
FROM generate_series(1, %(count)s) AS n;
INSERT INTO consent_permission (address_key, key_id, channel, purpose_id, given_at, needs_confirmation,
    mentions_complete, confirmed_at)
SELECT md5('person-' || n)::uuid, 1, 'email', %(purpose)s, now() - (1 + n %% 700) * interval '1 day', true, false,
    now() - (1 + n %% 700) * interval '1 day' + interval '5 minutes'
FROM generate_series(1, %(count)s) AS n;
"""


def people(count: int) -> Purpose:
    """Return a purpose that this many people agreed to, making them where they do not exist yet."""
    Organisation.objects.update_or_create(pk=1, defaults={"name": "Maison Exemple", "address": "75001 Paris"})
    Sender.objects.get_or_create(address="lettre@example.test", defaults={"name": "Maison Exemple", "is_default": True})
    purpose, _ = Purpose.objects.get_or_create(slug="offers", defaults={"name_fr": "Offres", "name_en": "Offers"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM prospects_contactdetail")
        if cursor.fetchone()[0] == count and not os.environ.get("BENCH_ANEW"):
            return purpose
        print(f"Making {count:,} people…", flush=True)
        cursor.execute("TRUNCATE prospects_prospect, consent_permission CASCADE")
        for table in _TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("SET session_replication_role = replica")  # no foreign key checks, row by row
        cursor.execute(_PEOPLE, {"count": count, "purpose": purpose.pk})
        cursor.execute("SET session_replication_role = origin")
        for table in _TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
            cursor.execute(f"VACUUM ANALYZE {table}")
    return purpose


def queue(purpose: Purpose, count: int, *, body: str) -> int:
    """Queue a campaign to this many of them, spread over all; return its key."""
    from campaigns.models import Campaign

    campaign = Campaign.objects.create(
        name="bench",
        purpose=purpose,
        subject="{{ first_name }}, nos nouveautés d'automne",
        body=body,
        status=Campaign.Status.RUNNING,
        send_at=timezone.now(),
        launched_at=timezone.now(),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO campaigns_message (campaign_id, detail_id, status, ground, reason)"
            " SELECT %s, id, 'queued', 'consent', '' FROM prospects_contactdetail"
            " WHERE id %% (SELECT greatest(count(*) / %s, 1) FROM prospects_contactdetail) = 0 ORDER BY id LIMIT %s",
            [campaign.pk, count, count],
        )
        cursor.execute("VACUUM ANALYZE campaigns_message")
    return campaign.pk
