"""The audience and the single contact get the same answer, ground and reason included, whatever the world."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck, given, note
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from psycopg.sql import SQL, Literal

from consent import vocabulary
from consent.acts import record_acts
from consent.law import Channel, Message, Rulebook, may_contact
from consent.models import Act, Purpose
from consent.vocabulary import MEDIUM_OF, Medium
from prospects.facts import facts_of
from prospects.models import (
    Activity,
    CallAttempt,
    ContactDetail,
    Contract,
    InformationRequest,
    Interaction,
    LegalHold,
    Purchase,
    Source,
)
from prospects.reach import Withholding, count_reach, decode, verdicts_sql
from tests.factories import make_detail, make_prospect, make_purpose

FAMILIES = ["garden", "garden/tools", "garden/tools/spades", "kitchen"]
ACTIVITIES = ["bakery", "law-firm"]
ADDRESSES = {
    Medium.EMAIL: "person-{}@example.test",
    Medium.PHONE: "+3319900{:04}",
    Medium.FAX: "+3319900{:04}",
    Medium.POST: "{} rue des Essais\n75001 Paris",
    Medium.BLUETOOTH: "00:00:5E:00:53:{:02X}",
}

# Around the moments asked, at the bounds of the law, and on 29 February.
ASKED = [
    datetime(2026, 8, 10, 12, tzinfo=UTC),
    datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
    datetime(2027, 2, 28, 0, 30, tzinfo=UTC),
    datetime(2026, 12, 25, 11, tzinfo=UTC),
]
moments = st.builds(
    lambda anchor, years, days, seconds: (
        anchor.replace(year=anchor.year - years) + timedelta(days=days, seconds=seconds)
    ),
    st.sampled_from([*ASKED, datetime(2024, 2, 28, 23, 30, tzinfo=UTC)]),
    st.sampled_from([0, 0, 0, 1, 3]),
    st.sampled_from([-400, -366, -365, -364, -31, -30, -29, -7, -5, -1, 0, 0, 0, 1, 200]),
    st.sampled_from([-3600, -1, 0, 1, 3600]),
)


def rarely(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(*[st.none()] * 5, strategy)


families = st.lists(st.sampled_from(FAMILIES), max_size=2, unique=True)
messages = st.builds(
    lambda channel, families, activities, sector: (channel, frozenset(families), frozenset(activities), sector),
    st.sampled_from(list(Channel)),
    families,
    st.lists(st.sampled_from(ACTIVITIES), max_size=1),
    st.sampled_from([None, None, "energy_renovation"]),
)
acts = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["given"] * 4 + ["confirmed"] * 3 + ["withdrawn", "objected", "lapsed", "voided"]),
            "at": moments,
            "here": st.sampled_from([True, True, True, False]),
            "needs_confirmation": st.booleans(),
            "mentions_complete": st.booleans(),
            "which": st.integers(0, 3),
        }
    ),
    max_size=5,
)
contacts = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["individual", "individual", "professional"]),
        "activity": st.sampled_from([None, *ACTIVITIES]),
        "born_on": st.sampled_from([None] * 5 + ["2012-02-29", "2011-08-10", "1980-01-01"]),
        "time_zone": st.sampled_from(["Europe/Paris", "Europe/Paris", "Indian/Reunion", "America/Martinique"]),
        "restricted_at": rarely(moments),
        "state": st.sampled_from(["usable"] * 9 + ["unconfirmed", "undeliverable", "quarantined"]),
        "generic": st.booleans(),
        "shares": st.booleans(),
        "source": st.sampled_from(["form", "sale"] * 3 + ["partner", "unknown"]),
        "collected_at": moments,
        "informed": st.booleans(),
        "told_at": st.none() | moments,
        "obtained_at": moments,
        "further": st.none() | moments,
        "acts": acts,
        "interactions": st.lists(moments, max_size=2),
        "purchases": st.lists(st.tuples(st.sampled_from(FAMILIES), moments), max_size=2),
        "contracts": st.lists(st.tuples(families, moments, st.none() | st.integers(0, 1100)), max_size=2),
        "requests": st.lists(st.tuples(families, moments), max_size=2),
        "calls": st.lists(st.tuples(moments, st.sampled_from(["no_answer", "talked"]), st.booleans()), max_size=5),
        "hold": rarely(moments),
    }
)


class OneRuleTwoFaces(TestCase):
    @hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(contacts, min_size=2, max_size=6), st.lists(messages, min_size=2, max_size=3), st.sampled_from(ASKED)
    )
    def test_both_say_the_same_of_everybody(self, world, asked, at):
        purposes = [make_purpose(), make_purpose()]
        for slug in ACTIVITIES:
            Activity.objects.get_or_create(slug=slug, defaults={"name_fr": slug})
        media = {MEDIUM_OF[channel] for channel, *_ in asked}
        for number, contact in enumerate(world):
            build(contact, number, media, purposes)
        # Facts dated later are no facts yet, but a permission keeps only the present: the acts must all be told.
        at = max([at, *Act.objects.values_list("at", flat=True)])

        for channel, about, activities, sector in asked:
            message = Message(channel, purposes[0].slug, about, activities, sector)
            for rulebook in Rulebook:
                with self.settings(PROSPECTING_RULEBOOK=str(rulebook)):
                    self.compare(message, at)

    def compare(self, message: Message, at: datetime) -> None:
        one_by_one = judge_one_by_one(message, at)
        details = sorted(one_by_one)
        assert ask(message, at) == one_by_one
        assert ask(message, at, only=SQL("detail.id = ANY({})").format(Literal(details))) == one_by_one

        reach = count_reach(message, at)
        outcomes = list(one_by_one.values())
        counted: dict[Any, int] = {**reach.allowed, **reach.refused}
        assert counted == {outcome: outcomes.count(outcome) for outcome in set(outcomes)}
        note(f"{message} {counted}")


def ask(message: Message, at: datetime, **narrowed: Any) -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(verdicts_sql(message, at, **narrowed))
        return {detail: str(decode(code)[1]) for detail, _prospect, _key, code in cursor.fetchall()}


def judge_one_by_one(message: Message, at: datetime) -> dict[int, str]:
    """The law in Python, contact by contact; then our own reasons."""
    answers: dict[int, str] = {}
    reached: set[object] = set()
    for detail in ContactDetail.objects.filter(medium=MEDIUM_OF[vocabulary.Channel(message.channel)]).order_by("pk"):
        known = facts_of(detail, message, at)
        verdict = may_contact(known.facts, message, at=at, rulebook=Rulebook(settings.PROSPECTING_RULEBOOK))
        answers[detail.pk] = str(verdict.outcome)
        if verdict.allowed and known.withheld:
            answers[detail.pk] = str(known.withheld)
        elif verdict.allowed and detail.address_key in reached:
            answers[detail.pk] = str(Withholding.DUPLICATE_ADDRESS)
        elif verdict.allowed:
            reached.add(detail.address_key)
    return answers


def build(contact: dict[str, Any], number: int, media: set[Medium], purposes: list[Purpose]) -> None:
    """Write one contact, with a detail of each of these media, into the real tables."""
    activity = Activity.objects.filter(slug=contact["activity"]).first()
    person = {name: contact[name] for name in ("kind", "born_on", "time_zone", "restricted_at")}
    prospect = make_prospect(activity=activity, **person)
    for medium in sorted(media):
        shared = contact["shares"] and medium != Medium.EMAIL
        unknown = contact["source"] == "unknown"
        source = {
            "kind": contact["source"],
            "collected_at": None if unknown and contact["informed"] else contact["collected_at"],
            "partner": "Atelier Exemple",
            **{name: contact[name] for name in ("informed", "told_at", "obtained_at")},
        }
        detail = make_detail(
            ADDRESSES[medium].format(1 if shared else number + 10),
            medium=medium,
            prospect=prospect,
            source=source,
            state=contact["state"],
            is_generic=contact["generic"],
        )
        if contact["further"]:
            Source.objects.create(
                prospect=prospect, also_of=detail, kind="event", collected_at=contact["further"], informed=True
            )
        if not shared:
            record_acts(list(the_acts(contact["acts"], detail, purposes)))
    for at in contact["interactions"]:
        Interaction.objects.create(prospect=prospect, kind="clicked", at=at)
    for family, at in contact["purchases"]:
        Purchase.objects.create(prospect=prospect, family=family, at=at)
    for about, at, days in contact["contracts"]:
        last_day = None if days is None else at.date() + timedelta(days=days)
        Contract.objects.create(prospect=prospect, families=about, starts_on=at.date(), ends_on=last_day)
    for about, at in contact["requests"]:
        InformationRequest.objects.create(prospect=prospect, families=about, at=at)
    for at, outcome, agreed in contact["calls"]:
        slot = {"agreed_from": at, "agreed_until": at + timedelta(hours=2)} if agreed else {}
        CallAttempt.objects.create(prospect=prospect, at=at, outcome=outcome, **slot)
    if contact["hold"]:
        LegalHold.objects.create(
            prospect=prospect, reason="claim", starts_at=contact["hold"], ends_at=contact["hold"] + timedelta(days=30)
        )


def the_acts(said: list[dict[str, Any]], detail: ContactDetail, purposes: list[Purpose]) -> Any:
    """Acts about every channel of the detail, for the purpose asked about, another, or all."""
    for channel in [channel for channel, medium in MEDIUM_OF.items() if medium == detail.medium]:
        consents: list[Act] = []
        for act in said:
            common = {"address_key": detail.address_key, "key_id": 1, "at": act["at"], "origin": Act.Origin.FORM}
            where = {"channel": channel, "purpose": purposes[0 if act["here"] else 1]}
            if act["kind"] == "given":
                consents.append(
                    Act(
                        kind="given",
                        needs_confirmation=act["needs_confirmation"],
                        mentions_complete=act["mentions_complete"],
                        **common,
                        **where,
                    )
                )
                yield consents[-1]
            elif act["kind"] in ("confirmed", "voided"):
                if consents:
                    yield Act(kind=act["kind"], about=consents[act["which"] % len(consents)], **common, **where)
            else:
                everywhere = {"channel": None, "purpose": None}
                yield Act(kind=act["kind"], **common, **(everywhere if act["which"] == 0 else where))
