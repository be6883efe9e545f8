"""Extra fields that staff allow fill mails, each reader's own; nothing else of what is noted is reached."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.delivery.claim import Claimed
from campaigns.delivery.compose import compose, render_preview
from campaigns.delivery.judge import judge
from campaigns.fields import problems
from campaigns.tasks import send_queued_messages
from prospects.models import ExtraField
from tests.factories import make_campaign, make_consent, make_detail, make_message, make_organisation, make_prospect
from tests.mailbox import text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def fields(transactional_db):
    make_organisation()
    for slug, kind, in_mails in (
        ("shoe_size", "number", True),
        ("since", "date", True),
        ("club", "yes_no", True),
        ("remark", "text", False),
    ):
        ExtraField.objects.create(slug=slug, label_fr=slug, kind=kind, why="Essai", in_mails=in_mails)


def running(body, **fields):
    return make_campaign(status="running", send_at=timezone.now(), launched_at=timezone.now(), body=body, **fields)


def message_to(campaign, address, **extra):
    detail = make_detail(address, prospect=make_prospect(extra=extra))
    make_consent(detail, campaign.purpose)
    return make_message(campaign=campaign, detail=detail)


def test_each_reader_reads_their_own_in_the_language_of_the_mail(mailbox):
    campaign = running("Pointure {{ shoe_size | à choisir }}, depuis le {{ since }}, club {{ club }}.")
    message_to(campaign, "a@example.test", shoe_size=41.5, since="2020-05-01", club=True)
    message_to(campaign, "b@example.test", since="2021-05-01", club=False)

    send_queued_messages()

    first, second = (
        text_of(mailbox.to(f"{name}@example.test")[-1], kind) for name, kind in (("a", "plain"), ("b", "html"))
    )
    assert "Pointure 41,5, depuis le 1 mai 2020, club oui." in first
    assert "Pointure à choisir, depuis le 1 mai 2021, club non." in second


def test_what_people_noted_runs_as_nothing(mailbox):
    ExtraField.objects.filter(slug="remark").update(in_mails=True)
    campaign = running("Note : {{ remark }}", subject="Pour {{ remark }}")
    message_to(campaign, "a@example.test", remark="<script>{{ club }}</script>\r\nBcc: x@example.test", club=True)

    send_queued_messages()

    [mail] = mailbox
    assert mail["Bcc"] is None
    assert "<script>" not in text_of(mail, "html")
    assert "{{ club }}" in text_of(mail)


def test_a_field_that_staff_keep_to_themselves_is_none_of_a_mail_s(mailbox):
    assert "remark" in problems("{{ remark }}")[0]
    with pytest.raises(ValidationError):
        compose(make_campaign(body="{{ remark }}"))


@pytest.mark.parametrize("slug", ["token", "why", "visit", "first_name"])
def test_no_field_takes_the_place_of_one_of_loyal_s(slug):
    field = ExtraField(slug=slug, label_fr="x", kind="text", why="Essai", in_mails=True)
    with pytest.raises(ValidationError):
        field.full_clean()
    field.save()
    if slug != "first_name":
        assert problems(f"{{{{ {slug} }}}}")
    assert compose(make_campaign(body="{{ first_name }}")).extras == ()


def test_only_what_the_mail_shows_is_read():
    campaign = running("{{ shoe_size }}")
    message = message_to(campaign, "a@example.test", shoe_size=41, remark="secret")

    with CaptureQueriesContext(
        connection,
    ) as asked:
        [allowed] = judge(campaign, [_claimed(message)], at=timezone.now(), extras=compose(campaign).extras)

    assert allowed.reader.words["shoe_size"] == "41"
    assert "remark" not in allowed.reader.words
    assert "prospect.extra -> 'shoe_size'" in asked[-1]["sql"]


def test_a_campaign_that_shows_none_asks_for_none():
    campaign = running("Bonjour {{ first_name }}")
    message = message_to(campaign, "a@example.test", shoe_size=41)
    composition = compose(campaign)

    with CaptureQueriesContext(connection) as asked:
        list(judge(campaign, [_claimed(message)], at=timezone.now(), extras=composition.extras))

    assert composition.extras == ()
    assert not any("extra" in query["sql"] for query in asked)


def test_a_preview_shows_an_example_of_each():
    shown = render_preview(make_campaign(body="{{ shoe_size }}, {{ since }}, {{ club }}"))

    assert "42, 1 mai 2026, oui" in shown.text


def test_the_page_of_a_draft_offers_those_that_may_stand_in_mails(workspace):
    page = workspace.get("/campaigns/new/").content.decode()

    assert "{{ shoe_size | … }}" in page
    assert "{{ remark" not in page


def _claimed(message):
    return Claimed(message.pk, message.detail_id, uuid.uuid4())
