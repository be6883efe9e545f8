"""Campaigns and messages in the admin: for reading, the person's page included."""

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from campaigns.models import Campaign, Message
from tests.factories import make_campaign, make_detail, make_message

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def client(admin_client):
    admin_client.cookies.load({"django_language": "en"})
    return admin_client


def test_nobody_adds_changes_or_deletes_a_campaign_or_a_message_in_the_admin(client):
    message = make_message()

    for row in (message, message.campaign):
        name = f"admin:campaigns_{row._meta.model_name}"
        assert client.get(reverse(f"{name}_changelist")).status_code == 200
        assert client.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200
        assert client.post(reverse(f"{name}_change", args=[row.pk]), {"status": "sent"}).status_code == 403
        assert client.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
        assert client.post(reverse(f"{name}_add"), {}).status_code == 403

    assert Message.objects.get().status == "queued"
    assert Campaign.objects.get().status == "running"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": "sent", "ground": "consent"}, "the person&#x27;s consent"),
        ({"status": "withheld", "ground": "consent", "reason": "objected"}, "the person objected"),
        ({"status": "failed", "ground": "consent", "reason": "550 5.1.1 no such user"}, "550 5.1.1 no such user"),
    ],
)
def test_a_message_says_on_what_ground_or_why_not(client, fields, words):
    message = make_message(**fields, ended_at=timezone.now())

    person = client.get(reverse("admin:prospects_prospect_change", args=[message.detail.prospect_id]))
    own = client.get(reverse("admin:campaigns_message_change", args=[message.pk]))

    assert words in person.content.decode()
    assert words in own.content.decode()


def test_a_message_outlives_the_person_and_says_so(client):
    message = make_message()
    message.detail.prospect.delete()

    shown = client.get(reverse("admin:campaigns_message_change", args=[message.pk])).content.decode()

    assert "erased since" in shown


def test_messages_are_found_by_their_message_id(client):
    sent = make_message(status="sent", ground="consent", message_id="00000000-0000-4000-8000-000000000001")
    make_message(campaign=sent.campaign, detail=make_detail())

    page = client.get(reverse("admin:campaigns_message_changelist"), {"q": str(sent.message_id)})

    assert list(page.context["cl"].result_list) == [sent]


def test_staff_without_the_right_to_see_campaigns_get_no_link_to_one(client, django_user_model):
    from django.contrib.auth.models import Permission

    message = make_message()
    reader = django_user_model.objects.create_user("reader", is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename="view_prospect"))
    client.force_login(reader)

    shown = client.get(reverse("admin:prospects_prospect_change", args=[message.detail.prospect_id])).content.decode()

    assert message.campaign.name in shown
    assert reverse("admin:campaigns_campaign_change", args=[message.campaign_id]) not in shown


def test_the_list_takes_as_many_queries_however_many_messages(client, django_assert_max_num_queries):
    campaign = make_campaign(status="running", send_at=timezone.now())
    for _number in range(20):
        make_message(campaign=campaign)

    with django_assert_max_num_queries(8):
        client.get(reverse("admin:campaigns_message_changelist"))
