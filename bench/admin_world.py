"""People with names and addresses as varied as real ones, made in the database in bulk, once."""

import unicodedata
from collections.abc import Iterator
from itertools import islice

from django.db import connection

from consent.address_keys import key_of_normalised, signing_key_id
from consent.vocabulary import Medium
from prospects.models import ContactDetail, Prospect, Source

_PEOPLE = """
INSERT INTO prospects_prospect (kind, first_name, last_name, company, language, time_zone)
SELECT CASE WHEN n %% 9 = 0 THEN 'professional' ELSE 'individual' END,
    (ARRAY['Adèle', 'Benoît', 'Camille', 'Damien', 'Élodie', 'François', 'Gaëlle', 'Hélène', 'Inès', 'Jean-Baptiste',
        'Karim', 'Léa', 'Maël', 'Noémie', 'Olivier', 'Pénélope', 'Raphaël', 'Sélim', 'Thérèse', 'Zoé'])[1 + n %% 20],
    (ARRAY['Ber', 'Bou', 'Car', 'Cha', 'Cœur', 'Da', 'Du', 'Fau', 'Gar', 'Gué', 'Ha', 'Jo', 'La', 'Le', 'Mar', 'Mo',
        'Né', 'Pé', 'Ri', 'Rou', 'Sa', 'Te', 'Va', 'Vi'])[1 + n %% 24]
    || (ARRAY['ba', 'cha', 'di', 'gue', 'lan', 'li', 'mon', 'na', 'ni', 'pe', 'ra', 'ri', 'ssa', 'to', 'ti', 'ver'])
        [1 + (n / 24) %% 16]
    || (ARRAY['bert', 'chet', 'din', 'dier', 'let', 'lier', 'lin', 'mier', 'nard', 'net', 'quet', 'rand', 'rel', 'sson',
        'ton', 'vier'])[1 + (n / 384) %% 16],
    CASE WHEN n %% 9 = 0 THEN (ARRAY['Atelier', 'Auberge', 'Domaine', 'Fleurs', 'Maison'])[1 + n %% 5] || ' ' || n
        ELSE '' END,
    'fr', 'Europe/Paris'
FROM generate_series(1, %(count)s) AS n;
"""
_SOURCES = """
INSERT INTO prospects_source (prospect_id, kind, collected_at, collected_by, place, partner, informed, evidence)
SELECT id, source.kind, now() - (1 + id % 700) * interval '1 day', '', '', '', true, '{}'
FROM prospects_prospect, LATERAL (SELECT 'form' AS kind UNION ALL SELECT 'phone' WHERE id % 3 = 0) AS source
"""


def people(count: int) -> None:
    """Fill an empty database with this many prospects, one e-mail address each and one phone number in three."""
    if Prospect.objects.count() == count:
        return
    print(f"Making {count:,} people…", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE prospects_prospect RESTART IDENTITY CASCADE")
        cursor.execute(_PEOPLE, {"count": count})
        cursor.execute(_SOURCES)
    details = _details()
    while batch := list(islice(details, 10_000)):
        ContactDetail.objects.bulk_create(batch)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _details() -> Iterator[ContactDetail]:
    sources = Source.objects.select_related("prospect").order_by("pk")
    for source in sources.iterator(chunk_size=10_000):
        medium = Medium.PHONE if source.kind == Source.Kind.PHONE else Medium.EMAIL
        address = _address(medium, source.prospect)
        yield ContactDetail(
            prospect_id=source.prospect_id,
            source=source,
            medium=medium,
            address=address,
            address_key=key_of_normalised(medium, address),
            key_id=signing_key_id(),
        )


def _address(medium: Medium, prospect: Prospect) -> str:
    if medium == Medium.PHONE:
        return f"+331990{prospect.pk:05}"
    name = unicodedata.normalize("NFKD", f"{prospect.first_name}.{prospect.last_name}".lower().replace("œ", "oe"))
    return "".join(c for c in name if not unicodedata.combining(c)) + f"{prospect.pk}@example.test"
