"""Whom a campaign is for: the filter's SQL and a plain reading of the same rows find the same people."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from campaigns.models import Message
from consent.law.days import paris_day
from prospects.filters import Filter, postcode_prefixes
from prospects.models import Activity, ContactDetail, Interaction, Prospect, Purchase, Source
from prospects.reach import count_reach
from tests.factories import make_campaign, make_consent, make_detail, make_prospect, make_purpose

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
FAMILIES = ["garden", "garden/tools", "gardening", "kit_hen", "kitchen"]
POSTCODES = ["75001", "20090", "20600", "97110", "69003", "75116"]
PLACES = ["75", "2A", "2B", "971", "69", "75001"]
ACTIVITIES = ["bakery", "law-firm"]
SOURCES = ["form", "sale", "event"]
FORMS = ["letter", "offers"]
EXTRAS = ["size:S", "size:M", "club:true", "club:false"]

# Around midnight in Paris, on either side of the days asked for, and to come.
DAYS = [date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 23)]
moments = st.builds(
    lambda day, hours: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hours),
    st.sampled_from([*DAYS, date(2026, 12, 24)]),
    st.sampled_from([-3, -2, -1, 0, 1, 12, 22, 23]),
)


def some(values):
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


def rarely(strategy):
    return st.one_of(*[st.none()] * 3, strategy)


filters = st.builds(
    Filter,
    families=st.just(()) | some(FAMILIES),
    activities=st.just(()) | some(ACTIVITIES),
    kinds=st.just(()) | some(["individual", "professional"]),
    languages=st.just(()) | some(["fr", "en"]),
    places=st.just(()) | some(PLACES),
    sources=st.just(()) | some(SOURCES),
    forms=st.just(()) | some(FORMS),
    extras=st.just(()) | some(EXTRAS),
    collected_from=rarely(st.sampled_from(DAYS)),
    collected_until=rarely(st.sampled_from(DAYS)),
    active_from=rarely(st.sampled_from(DAYS)),
    active_until=rarely(st.sampled_from(DAYS)),
)
people = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["individual", "professional"]),
        "language": st.sampled_from(["fr", "en"]),
        "activity": st.sampled_from([None, *ACTIVITIES]),
        "source": st.sampled_from(SOURCES),
        "form": st.sampled_from(FORMS),
        "collected_at": moments,
        "postcode": st.none() | st.sampled_from(POSTCODES),
        "purchases": st.lists(st.tuples(st.sampled_from(FAMILIES), moments), max_size=2),
        "interactions": st.lists(moments, max_size=2),
        "agreed": st.booleans(),
        "extra": st.fixed_dictionaries({}, optional={"size": st.sampled_from("SML"), "club": st.booleans()}),
    }
)


def enter(person, purpose):
    activity = person["activity"] and Activity.objects.get(slug=person["activity"])
    prospect = make_prospect(kind=person["kind"], language=person["language"], activity=activity, extra=person["extra"])
    source = {"kind": person["source"], "collected_at": person["collected_at"]}
    if person["source"] == "form":
        source["evidence"] = {"form": person["form"]}
    detail = make_detail(prospect=prospect, source=source)
    if person["postcode"]:
        make_detail(f"1 rue des Essais\n{person['postcode']} Exemple", medium="post", prospect=prospect)
    for family, at in person["purchases"]:
        Purchase.objects.create(prospect=prospect, family=family, at=at)
    for at in person["interactions"]:
        Interaction.objects.create(prospect=prospect, kind="clicked", at=at)
    if person["agreed"]:
        make_consent(detail, purpose, at=NOW - timedelta(hours=1))


def keeps(chosen: Filter, detail: ContactDetail) -> bool:
    """The filter as a person would read it, one contact at a time."""
    prospect, source = detail.prospect, detail.source
    bought = [purchase.family for purchase in prospect.purchases.all() if purchase.at <= NOW]
    codes = [home.postcode for home in prospect.details.all() if home.postcode]
    signs = [sign.at for sign in prospect.interactions.all() if sign.at <= NOW]
    last = paris_day(max(signs)) if signs else None
    collected = paris_day(source.collected_at)
    return all(
        [
            not chosen.families or any(covers(wanted, family) for family in bought for wanted in chosen.families),
            not chosen.activities or (prospect.activity is not None and prospect.activity.slug in chosen.activities),
            not chosen.kinds or prospect.kind in chosen.kinds,
            not chosen.languages or prospect.language in chosen.languages,
            not chosen.places or any(lies_in(code, place) for code in codes for place in chosen.places),
            not chosen.sources or source.kind in chosen.sources,
            not chosen.forms or (source.kind == "form" and source.evidence.get("form") in chosen.forms),
            all(
                any(pair == f"{slug}:{said_of(prospect, slug)}" for pair in chosen.extras)
                for slug in {pair.split(":")[0] for pair in chosen.extras}
            ),
            chosen.collected_from is None or collected >= chosen.collected_from,
            chosen.collected_until is None or collected <= chosen.collected_until,
            chosen.active_from is None or (last is not None and last >= chosen.active_from),
            chosen.active_until is None or (last is not None and last <= chosen.active_until),
        ]
    )


def said_of(prospect, slug):
    value = prospect.extra.get(slug)
    return str(value).lower() if isinstance(value, bool) else value


def covers(wanted: str, family: str) -> bool:
    return family == wanted or family.startswith(wanted + "/")


def lies_in(code: str, place: str) -> bool:
    if len(place) == 5:
        return code == place
    if code.startswith("20"):
        return place == ("2A" if int(code) < 20200 else "2B")
    return place == (code[:3] if code.startswith("97") else code[:2])


class OneFilter(TestCase):
    @hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(people, min_size=1, max_size=8), st.lists(filters, min_size=1, max_size=4))
    def test_what_is_counted_is_what_is_queued_and_what_a_plain_reading_finds(self, world, asked):
        purpose = make_purpose()
        for slug in ACTIVITIES:
            Activity.objects.get_or_create(slug=slug, defaults={"name_fr": slug})
        for person in world:
            enter(person, purpose)

        for chosen in asked:
            found = [detail for detail in ContactDetail.objects.filter(medium="email") if keeps(chosen, detail)]
            campaign = make_campaign(purpose=purpose, filter=chosen.as_json())
            assert campaign.chosen_filter.as_json() == chosen.as_json()

            counted = count_reach(campaign.as_law_message(), NOW, among=chosen.condition(NOW))
            queued = Message.objects.queue_for(campaign, at=NOW)

            assert counted == queued
            assert sum(counted.allowed.values()) + sum(counted.refused.values()) == len(found)
            theirs = set(Message.objects.filter(campaign=campaign).values_list("detail", flat=True))
            assert len(theirs) == sum(counted.allowed.values())
            assert theirs <= {detail.pk for detail in found}


@pytest.mark.parametrize("place", ["00", "7", "750", "7500", "750011", "2C", "97", "75%", "75_", "１２", "", "'; DROP"])
def test_what_is_no_department_and_no_postcode_is_refused(place):
    with pytest.raises(ValueError, match="no such department"):
        postcode_prefixes(place)


@pytest.mark.parametrize(
    ("address", "postcode"),
    [
        ("1 rue des Essais\n75001 Paris", "75001"),
        ("Camille Exemple\n1 rue des Essais\nF-75001 PARIS CEDEX 01", "75001"),
        ("1 rue des Essais\n97110 Pointe-à-Pitre\nFrance", "97110"),
        ("12345 rue des Essais\nParis", None),
        ("1 rue des Essais\n1000 Bruxelles\nBelgique", None),
        ("BP 75001\nParis", None),
    ],
)
def test_the_database_reads_the_postcode_of_a_postal_address(db, address, postcode):
    detail = make_detail(address, medium="post")
    detail.refresh_from_db()

    assert detail.postcode == postcode


def test_a_filter_that_is_not_understood_is_refused_rather_than_overlooked():
    with pytest.raises(ValueError, match="star_sign"):
        Filter.from_json({"star_sign": ["leo"]})


def test_what_is_filtered_by_is_only_ever_a_value(db):
    make_detail()
    hostile = "x') OR true --"
    chosen = Filter(families=(hostile,), activities=(hostile,), languages=(hostile,), forms=(hostile,))

    reach = count_reach(make_campaign().as_law_message(), NOW, among=chosen.condition(NOW))

    assert (reach.allowed, reach.refused) == ({}, {})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM prospects_contactdetail")
        assert cursor.fetchone() == (1,)
    assert Prospect.objects.exists() and Source.objects.exists()


@pytest.mark.parametrize(("bought", "is_found"), [("garden", 1), ("garden/tools", 1), ("gardening", 0), ("kitchen", 0)])
def test_a_family_holds_those_within_it_and_no_other_that_begins_alike(db, bought, is_found):
    detail = make_detail()
    Purchase.objects.create(prospect=detail.prospect, family=bought, at=NOW - timedelta(days=1))

    reach = count_reach(make_campaign().as_law_message(), NOW, among=Filter(families=("garden",)).condition(NOW))

    assert sum(reach.refused.values()) == is_found
