"""A form stands in a frame on the websites that its staff listed, and no page of Loyal's on any other."""

import pytest

from tests.factories import make_detail, make_form, make_organisation, make_prospect
from tests.prospects.signing_up import fields
from tests.staff.addresses import VALUES, addresses

pytestmark = pytest.mark.django_db
SHOP = "https://shop.example.test"


def policy(answer):
    """The part of the policy about frames, and the older header that says the same."""
    directives = [part.strip() for part in answer.headers.get("Content-Security-Policy", "").split(";")]
    return (
        next((part for part in directives if part.startswith("frame-ancestors")), None),
        answer.headers.get("X-Frame-Options"),
    )


@pytest.fixture
def form(db):
    make_organisation()
    return make_form(slug="lettre", origins=[SHOP, "https://blog.example.test:8443"])


def test_a_form_may_be_framed_by_the_websites_that_it_lists_and_by_no_other(client, form):
    page = client.get("/s/lettre/embed/fr/")

    assert policy(page) == (f"frame-ancestors {SHOP} https://blog.example.test:8443", None)


def test_what_answers_a_press_in_the_frame_may_be_framed_too(client, form):
    box = form.notice.boxes.get()
    sent = fields(form, tick=[box], language="en", email="camille@example.test")

    thanks = client.post("/s/lettre/embed/en/", sent, follow=True)

    assert thanks.redirect_chain[-1][0].startswith("/s/lettre/embed/en/thanks/")
    assert "look in your mailbox" in thanks.content.decode()
    assert policy(thanks)[0] == policy(client.get("/s/lettre/embed/en/"))[0]


def test_a_form_without_websites_is_framed_by_nobody(client, form):
    make_form(slug="ferme")

    assert policy(client.get("/s/ferme/embed/fr/")) == ("frame-ancestors 'none'", "DENY")


def test_a_website_that_staff_take_off_the_list_is_refused_at_once(client, form):
    client.get("/s/lettre/embed/fr/")
    form.origins = []
    form.save()

    assert policy(client.get("/s/lettre/embed/fr/")) == ("frame-ancestors 'none'", "DENY")


def test_the_form_s_own_page_is_never_framed(client, form):
    client.get("/s/lettre/embed/fr/")

    assert policy(client.get("/s/lettre/")) == ("frame-ancestors 'none'", "DENY")
    assert policy(client.post("/s/lettre/details/", {"email": "camille@example.test"})) == (
        "frame-ancestors 'none'",
        "DENY",
    )


def test_no_other_page_may_be_framed(client, admin_client, form):
    make_detail(prospect=make_prospect(pk=VALUES["int"]), source={"pk": VALUES["int"]})

    framed = [
        f"{method} {address.path}: {policy(answer)}"
        for address in addresses()
        for visitor in (client, admin_client)
        for method in ("get", "post")
        if (answer := getattr(visitor, method)(address.path))
        and policy(answer)[1] not in ("DENY", "SAMEORIGIN")
        and policy(answer)[0] != "frame-ancestors 'none'"
    ]

    assert framed == []


def test_the_frame_speaks_the_language_of_its_address_and_sets_no_cookie(client, form):
    french = client.get("/s/lettre/embed/fr/", headers={"Accept-Language": "en"})
    english = client.get("/s/lettre/embed/en/", headers={"Accept-Language": "fr"})
    browsers = client.get("/s/lettre/embed/", headers={"Accept-Language": "en"})

    assert '<html lang="fr">' in french.content.decode()
    assert '<html lang="en">' in english.content.decode()
    assert '<html lang="en">' in browsers.content.decode()
    assert not client.cookies
    assert client.get("/s/lettre/embed/de/").status_code == 404


def test_the_page_around_a_frame_is_not_drawn_in_it(client, form):
    page = client.get("/s/lettre/embed/fr/").content.decode()
    own = client.get("/s/lettre/", headers={"Accept-Language": "fr"}).content.decode()

    assert "page-header" not in page
    assert "page-header" in own
    assert "?lang=" not in page
