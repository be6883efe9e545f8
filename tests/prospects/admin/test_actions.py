"""What staff note about a person, each on a page of its own."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from prospects.admin.actions import ACTIONS
from prospects.models import Contract, Family, InformationRequest, Interaction, LegalHold, Purchase
from tests.factories import make_consent, make_detail, make_marketer, make_purpose
from tests.prospects.admin.pages import action, moment, page_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", [*(action.name for action in ACTIONS), "merge", "why"])
def test_every_page_shows_and_marketers_are_refused(client, name):
    prospect = make_detail().prospect

    assert client.get(action(prospect, name)).status_code == 200
    client.force_login(make_marketer(is_staff=True))
    assert client.get(action(prospect, name)).status_code == 403
    assert client.post(action(prospect, name)).status_code in (403, 405)


def test_the_person_s_page_leads_to_each(client):
    prospect = make_detail().prospect

    shown = client.get(page_of(prospect)).content.decode()

    for known in ACTIONS:
        assert action(prospect, known.name) in shown


def test_an_address_is_corrected_and_the_act_noted_without_it(client):
    detail = make_detail("camile@example.test")

    client.post(
        action(detail.prospect, "correction"),
        {
            "detail": detail.pk,
            "address": "camille@example.test",
            **moment("told_at", timezone.now() - timedelta(hours=1)),
            "kind": "phone",
        },
    )

    detail.refresh_from_db()
    assert detail.address == "camille@example.test"
    assert "example.test" not in LogEntry.objects.get().change_message


def test_nobody_s_address_is_corrected_on_another_s_page(client):
    detail, other = make_detail("camile@example.test"), make_detail()
    told = {**moment("told_at", timezone.now()), "kind": "phone", "address": "camille@example.test"}

    answer = client.post(action(other.prospect, "correction"), {"detail": detail.pk, **told})

    assert "detail" in answer.context["errors"]


def test_an_address_is_marked_as_undeliverable(client):
    detail = make_detail()

    client.post(action(detail.prospect, "delivery"), {"detail": detail.pk, "arrives": ""})

    detail.refresh_from_db()
    assert detail.state == "undeliverable"


@pytest.mark.parametrize("what", ["purchase", "contract", "request"])
def test_what_was_noted_by_mistake_is_taken_back_with_its_sign_of_life(client, what):
    Family.objects.create(path="garden", name_fr="Jardin")
    prospect = make_detail().prospect
    noted = {
        "purchase": {**moment("at", timezone.now()), "family": "garden"},
        "contract": {"families": ["garden"], "starts_on": "2026-01-02"},
        "request": {**moment("at", timezone.now()), "families": ["garden"]},
    }[what]
    client.post(action(prospect, what), noted)
    model = {"purchase": Purchase, "contract": Contract, "request": InformationRequest}[what]

    client.post(action(prospect, "mistake"), {"what": f"{what}-{model.objects.get().pk}"})

    assert not model.objects.exists()
    assert not Interaction.objects.exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("contract", {"families": ["garden"], "starts_on": "2026-02-02", "ends_on": "2026-01-02"}),
        ("hold", {"reason": "", **moment("starts_at", timezone.now()), **moment("ends_at", timezone.now())}),
        ("purchase", {**moment("at", timezone.now() + timedelta(days=2)), "family": "garden"}),
    ],
)
def test_what_cannot_be_is_said_on_the_form(client, name, data):
    Family.objects.create(path="garden", name_fr="Jardin")
    prospect = make_detail().prospect

    answer = client.post(action(prospect, name), data)

    assert answer.status_code == 200
    assert answer.context["errors"]
    assert not LogEntry.objects.exists()


def test_the_end_of_a_hold_is_noted_on_the_person(client):
    now = timezone.now().replace(microsecond=0)
    prospect = make_detail().prospect
    hold = LegalHold.objects.create(prospect=prospect, reason="Litige", starts_at=now, ends_at=now + timedelta(days=9))

    answer = client.post(
        reverse("admin:prospects_legalhold_change", args=[hold.pk]), moment("ends_at", now + timedelta(hours=1))
    )

    assert answer.url == page_of(prospect)
    hold.refresh_from_db()
    assert hold.ends_at == now + timedelta(hours=1)
    assert LogEntry.objects.get().object_id == str(prospect.pk)


# ---- Why we may write, and why not ----


def test_the_page_answers_for_each_address_channel_and_purpose(client):
    purpose, other = make_purpose(), make_purpose()
    detail = make_detail()
    make_detail("01 99 00 12 34", medium="phone", prospect=detail.prospect)
    make_consent(detail, purpose)

    found = client.get(page_of(detail.prospect)).context["page"].may_we

    answers = {
        (known.medium, str(channel), of.pk): answer.allowed for known, channel, row in found for of, answer, _w in row
    }
    assert answers["email", "email", purpose.pk]
    assert not answers["email", "email", other.pk]
    assert {channel for medium, channel, _purpose in answers if medium == "phone"} == {
        *("sms", "mms", "automated_call", "phone"),
    }


def test_one_answer_is_explained_with_the_text_that_says_so(client):
    purpose = make_purpose()
    detail = make_detail()
    asked = {"detail": detail.pk, "channel": "email", "purpose": purpose.pk}

    refused = client.get(action(detail.prospect, "why"), asked)
    make_consent(detail, purpose)
    allowed = client.get(action(detail.prospect, "why"), asked)

    assert "L34-5" in refused.context["sentence"]
    assert not refused.context["explanation"].allowed
    assert allowed.context["explanation"].allowed
    assert "kind=act" in allowed.content.decode()


def test_a_question_about_a_channel_that_the_address_does_not_serve_is_refused(client):
    detail = make_detail()
    asked = {"detail": detail.pk, "channel": "sms", "purpose": make_purpose().pk}

    assert "explanation" not in client.get(action(detail.prospect, "why"), asked).context
