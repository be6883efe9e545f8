"""Staff list websites by their addresses; what is kept is an origin, which becomes part of a header."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import translation

from consent.embedding import snippets
from consent.models import SignupForm
from consent.origins import origin_of
from tests.factories import make_form, make_organisation


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://www.example.test", "https://www.example.test"),
        ("https://WWW.Example.test:443/lettre/?a=b", "https://www.example.test"),
        ("https://blog.example.test:8443/", "https://blog.example.test:8443"),
        ("https://éléphant.example.test", "https://xn--lphant-9uab.example.test"),
        ("http://localhost:3000", "http://localhost:3000"),
    ],
)
def test_an_address_is_kept_as_its_origin(typed, origin):
    assert origin_of(typed) == origin


@pytest.mark.parametrize(
    "typed",
    [
        "www.example.test",
        "http://www.example.test",
        "https://*.example.test",
        "https://*",
        "*",
        "https:",
        "javascript:alert(1)",
        "https://user@example.test",
        "https://example.test:99999999",
        "https://example.test; script-src *",
        "https://[::1",
    ],
)
def test_what_is_no_origin_is_refused(typed):
    with pytest.raises(ValidationError):
        origin_of(typed)


@pytest.mark.django_db
@pytest.mark.parametrize("origins", [["https://a.test; script-src *"], ["*"], ["https://a.test", "data:"]])
def test_the_database_keeps_nothing_else(origins):
    form = make_form()

    with pytest.raises(IntegrityError):
        SignupForm.objects.filter(pk=form.pk).update(origins=origins)


@pytest.mark.django_db
def test_staff_list_websites_one_a_line_and_copy_what_goes_there(admin_client):
    make_organisation()
    form = make_form(slug="lettre", origins=["https://www.example.test"])
    address = f"/admin/consent/signupform/{form.pk}/change/"
    page = admin_client.get(address)
    shown = page.content.decode()
    assert (
        "&lt;script src=&quot;https://loyal.example.test/static/prospects/embed.js&quot; data-form=&quot;lettre&quot;"
        in shown
    )
    assert "https://loyal.example.test/s/lettre/details/" in shown

    data = {name: value for name, value in page.context["adminform"].form.initial.items() if value not in (None, "")}
    data |= {"questions-TOTAL_FORMS": 0, "questions-INITIAL_FORMS": 0}
    data["origins"] = "https://www.example.test/contact\nhttps://blog.example.test\n"
    saved = admin_client.post(address, data)

    assert saved.status_code == 302
    form.refresh_from_db()
    assert form.origins == ["https://www.example.test", "https://blog.example.test"]

    refused = admin_client.post(address, data | {"origins": "pas un site"})
    assert "pas un site" in refused.content.decode()
    assert refused.status_code == 200


@pytest.mark.django_db
def test_the_documentation_shows_what_staff_copy():
    printed = (Path(settings.BASE_DIR) / "docs" / "embedding.md").read_text()
    form = make_form(slug="newsletter")

    with translation.override("en"):
        copied = [snippet.html for snippet in snippets(form)]

    assert re.findall(r"^```html\n(.*?)\n```$", printed, re.MULTILINE | re.DOTALL) == copied
