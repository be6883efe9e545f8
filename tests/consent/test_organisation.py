"""The organisation's settings: what it looks like, and who answers."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from campaigns.delivery.compose import compose
from consent.models import Organisation, Picture
from tests.factories import make_campaign, make_organisation

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/consent/organisation/1/change/"


@pytest.fixture
def client(admin_client):
    admin_client.cookies.load({"django_language": "en"})
    return admin_client


def logo(width=900, height=300):
    file = BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, "PNG")
    return SimpleUploadedFile("logo.png", file.getvalue(), "image/png")


def posted(**changes):
    organisation = make_organisation()
    names = ("name", "address", "email", "colour")
    return {name: getattr(organisation, name) for name in names} | changes


def test_a_logo_is_drawn_anew_at_a_width_that_suits_a_page(client):
    client.post(ADDRESS, posted(new_logo=logo()))

    kept = Organisation.objects.current().logo
    assert (kept.width, kept.height) == (480, 160)
    assert kept.get_absolute_url() in client.get(ADDRESS).content.decode()


def test_a_logo_stays_until_it_is_replaced_or_taken_away(client):
    client.post(ADDRESS, posted(new_logo=logo()))
    client.post(ADDRESS, posted())
    assert Organisation.objects.current().logo is not None

    client.post(ADDRESS, posted(without_logo="on"))
    assert Organisation.objects.current().logo is None


def test_what_is_no_picture_is_refused_in_words(client):
    page = client.post(ADDRESS, posted(new_logo=SimpleUploadedFile("logo.png", b"<svg/>", "image/png")))

    assert "This is no picture" in page.content.decode()
    assert not Picture.objects.exists()


@pytest.mark.parametrize(
    ("colour", "words"),
    [("#1f4b99", "white letters"), ("#ffe066", "black letters"), ("#ffe066", "links are in a darker")],
)
def test_the_page_says_how_the_colour_reads(client, colour, words):
    make_organisation(colour=colour)

    assert words in client.get(ADDRESS).content.decode()


def test_replies_go_where_the_organisation_says_and_else_to_its_address_for_questions():
    make_organisation(email="bonjour@example.test")
    assert compose(make_campaign()).reply_to.addr_spec == "bonjour@example.test"

    make_organisation(reply_to="reponses@example.test")
    assert compose(make_campaign()).reply_to.addr_spec == "reponses@example.test"


def test_the_organisation_costs_one_query_and_no_picture(client, django_assert_num_queries):
    client.post(ADDRESS, posted(new_logo=logo()))

    with django_assert_num_queries(1) as asked:
        assert Organisation.objects.current().logo.get_absolute_url()
    assert '"content"' not in asked.captured_queries[0]["sql"]


def test_the_list_is_the_one_page(client):
    assert client.get(reverse("admin:consent_organisation_changelist")).url == ADDRESS
