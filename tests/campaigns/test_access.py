import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from campaigns.access import RUN_CAMPAIGN
from campaigns.urls import urlpatterns
from tests.factories import make_campaign, make_marketer


def addresses(campaign):
    """Every address of the workspace."""
    for pattern in urlpatterns:
        values = {
            "pk": campaign.pk,
            "step": "pause",
            "year": 2026,
            "month": 12,
            "number": 24,
            "digest": "0" * 64,
            "key": "7f3c0e5e-0000-4000-8000-000000000001",
        }
        arguments = {name: values[name] for name in pattern.pattern.converters}
        yield reverse(f"campaigns:{pattern.name}", kwargs=arguments)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_visitors_are_asked_to_sign_in_on_every_page(client, method):
    campaign = make_campaign()

    for address in addresses(campaign):
        response = getattr(client, method)(address)
        assert response.status_code == 405 or response.url.startswith(f"{reverse('login')}?next=/campaigns/"), address


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{}, {"is_staff": True}])
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_page_refuses_those_who_are_no_marketers(client, method, fields):
    campaign = make_campaign()
    client.force_login(User.objects.create_user("someone", **fields))

    for address in addresses(campaign):
        assert getattr(client, method)(address).status_code in (403, 405), address

    campaign.refresh_from_db()
    assert campaign.is_draft


@pytest.mark.django_db
def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(client):
    campaign = make_campaign()

    response = client.get(
        reverse("campaigns:progress", args=[campaign.pk]),
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/campaigns/1/"},
    )

    assert response["HX-Redirect"].startswith(reverse("login"))


@pytest.mark.django_db
def test_the_group_comes_with_its_permission():
    assert make_marketer().has_perm(RUN_CAMPAIGN)


@pytest.mark.django_db
def test_a_marketer_sees_nothing_of_the_administration(client):
    client.force_login(make_marketer())

    assert client.get("/admin/").status_code == 302


def test_no_page_of_the_workspace_stays_in_the_browser(workspace):
    assert workspace.get("/campaigns/")["Cache-Control"] == "no-store"
