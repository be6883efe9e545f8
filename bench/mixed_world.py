"""A million people in a realistic mix of situations, made once by COPY and kept in var/.

One in ten has been silent for more than three years. The others differ in everything that the law looks at: consents
given, confirmed, withdrawn; objections; sources; purchases, contracts, requests and calls; activities, ages, legal
holds. The mix is drawn from a fixed seed, so that every run on every machine measures the same world.
"""

import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.management import call_command
from django.db import connection
from psycopg import sql
from tqdm import tqdm

from bench import mixed
from consent.address_keys import key_of_normalised
from consent.models import Organisation, Purpose
from prospects.models import Activity, Family

PEOPLE = 1_000_000
SILENT_EVERY = 10
CHUNK = 20_000
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
FAMILIES = ["garden", "garden/tools", "garden/tools/spades", "garden/seeds", "kitchen", "kitchen/ovens"]
ACTIVITIES = ["bakery", "law-firm", "school", "garage", "town-hall"]

COLUMNS = {
    "prospects_prospect": "id kind first_name last_name company activity_id language born_on time_zone restricted_at",
    "prospects_source": "id prospect_id also_of_id kind collected_at collected_by place partner informed told_at"
    " evidence obtained_at",
    "prospects_contactdetail": "id prospect_id medium address address_key key_id is_generic state source_id active_at",
    "prospects_interaction": "prospect_id kind at",
    "prospects_purchase": "prospect_id family at reference",
    "prospects_contract": "prospect_id families starts_on ends_on",
    "prospects_informationrequest": "prospect_id families at evidence",
    "prospects_callattempt": "prospect_id at outcome note",
    "prospects_legalhold": "prospect_id reason starts_at ends_at",
    "consent_act": "id kind address_key key_id channel purpose_id at origin needs_confirmation mentions_complete"
    " about_id evidence salt digest",
    "consent_permission": "address_key key_id channel purpose_id act_id given_at needs_confirmation mentions_complete"
    " confirmed_at withdrawn_at lapsed_at",
    "consent_objection": "address_key key_id channel purpose_id at",
}
Rows = dict[str, list[tuple[Any, ...]]]


def make() -> None:
    """Make the world where there is none yet, or none that was finished."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('bench_whole')")
        if cursor.fetchone()[0]:
            call_command("migrate", verbosity=0)
            return
    mixed.start_anew()
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        Organisation.objects.get_or_create(pk=1, defaults={"name": "Maison Exemple"})
        for slug in ("newsletter", "offers"):
            Purpose.objects.get_or_create(slug=slug, defaults={"name_fr": slug})
        for path in FAMILIES:
            Family.objects.get_or_create(path=path, defaults={"name_fr": path})
        for slug in ACTIVITIES:
            Activity.objects.get_or_create(slug=slug, defaults={"name_fr": slug})
        people = _People()
        indexes = _drop_indexes(cursor)
        cursor.execute("SET session_replication_role = replica")  # the rows are whole: no trigger need fill them in
        for first in tqdm(range(1, PEOPLE + 1, CHUNK), desc="making a million people", unit_scale=CHUNK):
            rows: Rows = defaultdict(list)
            for number in range(first, min(first + CHUNK, PEOPLE + 1)):
                people.add(number, rows)
            for table, table_rows in rows.items():
                _copy(cursor, table, table_rows)
        cursor.execute("SET session_replication_role = origin")
        for index in tqdm(indexes, desc="indexing them"):
            cursor.execute(index)
        for table in COLUMNS:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), coalesce(max(id), 1)) FROM {table}")
        cursor.execute("VACUUM (ANALYZE, FREEZE)")
        cursor.execute("CREATE TABLE bench_whole ()")


def _drop_indexes(cursor: Any) -> list[str]:
    """Drop the indexes that no constraint needs, and return the statements that make them again, once for all rows."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND schemaname = 'public'"
        " AND indexname NOT IN (SELECT conname FROM pg_constraint) ORDER BY indexname",
        [list(COLUMNS)],
    )
    indexes = cursor.fetchall()
    for name, _statement in indexes:
        cursor.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    return [statement for _name, statement in indexes]


def _copy(cursor: Any, table: str, rows: list[tuple[Any, ...]]) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, COLUMNS[table].split()))
    with cursor.cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)) as copy:
        for row in rows:
            copy.write_row(row)


class _People:
    """Draws one person after another, with all that hangs on them."""

    def __init__(self) -> None:
        self.random = random.Random(7)
        self.sources = self.details = self.acts = 0
        self.activities = list(Activity.objects.order_by("slug").values_list("pk", flat=True))
        self.purposes = dict(Purpose.objects.values_list("slug", "pk"))

    def add(self, number: int, rows: Rows) -> None:
        chance, draw = self.random.random, self.random
        silent = number % SILENT_EVERY == 0
        professional = chance() < 0.18
        kind = draw.choices(
            ["form", "sale", "in_person", "phone", "paper", "event", "partner", "unknown"],
            [55, 20, 5, 3, 4, 4, 6, 3],
        )[0]
        recent = NOW - timedelta(days=draw.uniform(1, 1000))
        collected = NOW - timedelta(days=draw.uniform(1100, 1500) if silent else draw.uniform(1, 1780))
        obtained, informed, told = collected, chance() < 0.92, None
        if kind == "unknown" and not silent:
            obtained = NOW - timedelta(days=draw.uniform(0, 20))
        elif not informed and chance() < 0.7:
            told = obtained + timedelta(days=7)
        elif not informed and not silent:
            collected = obtained = NOW - timedelta(days=draw.uniform(0, 20))
        signs = []
        if not silent:
            signs = [NOW - timedelta(days=draw.uniform(1, 1000)) for _ in range(draw.choice([0, 0, 1, 2, 3]))]
        if not silent and collected < NOW - timedelta(days=1090) and not signs:
            signs = [recent]
        kinds = ["clicked", "signed_up", "replied"]
        rows["prospects_interaction"] += [(number, draw.choice(kinds), at) for at in signs]
        if chance() < 0.25:
            bought = [collected] if silent else [max(collected, NOW - timedelta(days=draw.uniform(1, 1800)))]
            rows["prospects_purchase"] += [(number, draw.choice(FAMILIES), at, "") for at in bought]
            signs += bought
        rows["prospects_prospect"].append(
            (
                number,
                "professional" if professional else "individual",
                draw.choice(["Zoé", "Karim", "Léa", "Amélie", "John", "Omar"]),
                f"Exemple-{number}",
                "Atelier Exemple" if professional else "",
                draw.choice(self.activities) if professional and chance() < 0.8 else None,
                "fr",
                date(1950 + number % 55, 1 + number % 12, 1 + number % 28) if chance() < 0.2 else self._minor(),
                "Indian/Reunion" if chance() < 0.02 else "Europe/Paris",
                recent if chance() < 0.001 else None,
            )
        )
        media = ["email"] + ["phone"] * (chance() < 0.35) + ["post"] * (chance() < 0.2)
        for medium in media:
            self.sources += 1
            self.details += 1
            known_collection = None if kind == "unknown" else collected
            rows["prospects_source"].append(
                (
                    self.sources,
                    number,
                    None,
                    kind,
                    known_collection,
                    "",
                    "Lettre",
                    "Partenaire" if kind == "partner" else "",
                    informed,
                    told,
                    "{}",
                    obtained,
                )
            )
            generic = medium == "email" and professional and chance() < 0.25
            address = _address(medium, number)
            key = key_of_normalised(medium, address)
            active = max([at for at in (known_collection, *signs) if at], default=None)
            state = (
                "quarantined"
                if kind == "unknown"
                else draw.choices(["usable", "undeliverable", "unconfirmed"], [97, 2, 1])[0]
            )
            rows["prospects_contactdetail"].append(
                (self.details, number, medium, address, key, 1, generic, state, self.sources, active)
            )
            if medium == "email" and chance() < 0.04:
                self.sources += 1
                rows["prospects_source"].append(
                    (self.sources, number, self.details, "event", recent, "", "Salon", "", True, None, "{}", recent)
                )
            for channel in {"email": ["email"], "phone": ["phone", "sms"], "post": []}[medium]:
                for purpose, share in (("newsletter", 0.57), ("offers", 0.25)):
                    if chance() < share:
                        self._consent(key, channel, self.purposes[purpose], collected, silent, rows)
        if not silent and chance() < 0.04:
            last = None if chance() < 0.5 else (NOW + timedelta(days=draw.uniform(-900, 900))).date()
            first = date(2022, 1, 1)
            rows["prospects_contract"].append((number, [draw.choice(FAMILIES)], first, last))
        if not silent and chance() < 0.01:
            rows["prospects_informationrequest"].append((number, [draw.choice(FAMILIES)], recent, ""))
        if "phone" in media and chance() < 0.1:
            for _ in range(draw.choice([1, 1, 2, 4, 5])):
                called = NOW - timedelta(days=draw.uniform(0, 60))
                rows["prospects_callattempt"].append((number, called, draw.choice(["no_answer", "talked"]), ""))
        if not silent and chance() < 0.0005:
            rows["prospects_legalhold"].append((number, "claim", recent, NOW + timedelta(days=200)))

    def _minor(self) -> date | None:
        return date(2014, 5, 17) if self.random.random() < 0.004 else None

    def _consent(self, key: UUID, channel: str, purpose: int, at: datetime, silent: bool, rows: Rows) -> None:
        """One consent with its acts and what they fold into: mostly confirmed, some not, some withdrawn since."""
        end = self.random.random()
        confirmed = None if end < 0.08 else at + timedelta(minutes=5)
        withdrawn = at + timedelta(days=30) if 0.08 <= end < 0.18 else None
        mentions = self.random.random() < 0.5
        acts: list[tuple[str, datetime | None, int | None]] = [("informed", at, None), ("given", at, None)]
        acts += [("confirmed", confirmed, self.acts + 2)] if confirmed else []
        acts += [("withdrawn", withdrawn, None), ("objected", withdrawn, None)] if withdrawn else []
        given = self.acts + 2
        for kind, moment, about in acts:
            self.acts += 1
            where = (None, None) if kind == "informed" else (channel, purpose)
            salt = UUID(int=self.random.getrandbits(128))
            rows["consent_act"].append(
                (self.acts, kind, key, 1, *where, moment, "form", kind == "given", mentions, about, "{}", salt, b"")
            )
        rows["consent_permission"].append(
            (key, 1, channel, purpose, given, at, True, mentions, confirmed, withdrawn, None)
        )
        if withdrawn:
            rows["consent_objection"].append((key, 1, channel, purpose, withdrawn))


def _address(medium: str, number: int) -> str:
    if medium == "email":
        return f"person-{number}@example.test"
    return f"+3361{number:07}" if medium == "phone" else f"{number} RUE DES ESSAIS\n75001 PARIS"
