"""A notice is published once it says, in both languages, what the law in force wants said."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from consent.models import Notice, Organisation
from consent.publishing import checks_now, faults_of, new_version, publish
from tests.consent.test_admin import NOTICE_EN, NOTICE_FR, make_draft
from tests.factories import call_mentions, make_purpose

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BEFORE_CALLS_NEEDED_CONSENT = datetime(2026, 8, 10, 21, 59, tzinfo=UTC)
ON_THAT_DAY = datetime(2026, 8, 10, 22, tzinfo=UTC)  # midnight in Paris


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def test_a_complete_notice_is_published():
    notice = make_draft()

    publish(notice, at=NOW)

    assert Notice.objects.get(pk=notice.pk).published_at == NOW


def test_what_is_published_is_not_published_again():
    notice = make_draft()
    publish(notice, at=NOW)

    with pytest.raises(ValidationError, match="published already"):
        publish(notice, at=NOW)


@pytest.mark.parametrize(
    ("language", "missing", "fault"),
    [
        ("fr", "trois ans", "how long details are kept in this language: French"),
        ("fr", "Vos droits", "the person's rights in this language: French"),
        ("fr", "CNIL", "complaint to the CNIL is possible in this language: French"),
        ("fr", "retirer votre accord", "that a consent can be withdrawn in this language: French"),
        ("fr", "vous opposer", "how to stop in this language: French"),
        ("fr", "Maison Exemple", "who you are (Maison Exemple) in this language: French"),
        ("en", "three years", "how long details are kept in this language: English"),
        ("en", "object", "how to stop in this language: English"),
        ("en", NOTICE_EN, "empty in this language: English"),
    ],
)
def test_what_a_notice_fails_to_say_is_named(language, missing, fault):
    text = {"fr": NOTICE_FR, "en": NOTICE_EN}[language]
    notice = make_draft(**{f"information_{language}": text.replace(missing, "")})

    (sentence,) = faults_of(notice, at=NOW)

    assert fault in sentence
    with pytest.raises(ValidationError):
        publish(notice, at=NOW)
    assert Notice.objects.get(pk=notice.pk).published_at is None


def test_a_box_without_a_label_in_each_language_is_refused():
    notice = make_draft({"label_en": " "})

    assert list(faults_of(notice, at=NOW)) == ["A box has no label in this language: English."]


def test_an_opt_out_is_enough_for_post():
    notice = make_draft({"channel": "post", "kind": "opt_out"})

    assert not list(faults_of(notice, at=NOW))


def test_an_opt_out_was_enough_for_calls_until_the_law_changed():
    notice = make_draft({"channel": "phone", "kind": "opt_out"})

    assert not list(faults_of(notice, at=BEFORE_CALLS_NEEDED_CONSENT))
    (fault,) = faults_of(notice, at=ON_THAT_DAY)
    assert "Phone call" in fault
    assert "L223-1" in fault


def test_under_the_article_an_opt_out_is_still_enough_for_calls(settings):
    settings.PROSPECTING_RULEBOOK = "article"

    assert not list(faults_of(make_draft({"channel": "phone", "kind": "opt_out"}), at=NOW))


def test_a_consent_to_calls_is_asked_with_its_five_mentions_in_both_languages():
    notice = make_draft({"channel": "phone"})

    faults = list(faults_of(notice, at=NOW))

    assert len(faults) == 10
    assert all("R223-1" in fault for fault in faults)


@pytest.mark.parametrize("channel", ["phone", "automated_call"])
def test_with_its_five_mentions_a_consent_to_calls_may_be_asked(channel):
    assert not list(faults_of(make_draft({"channel": channel, **call_mentions()}), at=NOW))


@pytest.mark.parametrize("missing", sorted(call_mentions()))
def test_each_of_the_five_mentions_is_asked_for(missing):
    (fault,) = faults_of(make_draft({"channel": "phone", **call_mentions(), missing: " "}), at=NOW)

    assert "R223-1" in fault


@pytest.mark.parametrize(
    ("period", "is_lawful"),
    [
        ("Un an.", True),
        ("12 mois", True),
        ("365 jours", True),
        ("six mois", True),
        ("366 jours", False),
        ("deux ans", False),
        ("18 mois", False),
        ("un an, puis 2 ans", False),
        ("pour toujours", False),
    ],
)
def test_a_consent_to_calls_is_asked_for_a_year_at_most(period, is_lawful):
    notice = make_draft({"channel": "phone", **call_mentions(), "says_period_fr": period})

    assert (not list(faults_of(notice, at=NOW))) is is_lawful


def test_a_new_version_keeps_the_mentions():
    notice = make_draft({"channel": "phone", **call_mentions()})
    publish(notice, at=NOW)

    assert new_version(notice).boxes.get().mentions("en") == notice.boxes.get().mentions("en")


def test_a_partner_is_named_beside_its_box():
    notice = make_draft({"purpose": make_purpose(partner="Voisin Exemple")})

    faults = list(faults_of(notice, at=NOW))

    assert len(faults) == 2
    assert all("Voisin Exemple" in fault for fault in faults)


def test_what_is_only_advised_does_not_keep_a_notice_from_being_published():
    warnings = [check for check in checks_now(make_draft(), at=NOW) if check.state == "amber"]

    assert any("fifteen" in check.fault for check in warnings)
    assert not list(faults_of(make_draft(), at=NOW))


def test_a_notice_of_nobody_is_refused():
    notice = make_draft()
    Organisation.objects.all().delete()

    assert "Nobody knows who speaks: fill in the organisation first." in faults_of(notice, at=NOW)
