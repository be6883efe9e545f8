"""The admin's own pages about wording and the organisation: everybody can use them, at any width."""

import pytest
from django.urls import reverse

from consent.publishing import new_version
from tests.accessibility import DESK, PHONE, problems
from tests.factories import call_mentions, make_form, make_notice, make_organisation


@pytest.mark.parametrize(("language", "size", "scheme"), [("fr", PHONE, "light"), ("en", DESK, "dark")])
def test_the_pages_of_wording_shut_nobody_out(browser, site, transactional_db, admin_client, language, size, scheme):
    make_organisation()
    notice = make_notice({"channel": "phone", **call_mentions()})
    make_form(notice=notice, asks_phone=True)
    draft = new_version(notice)
    context = browser.new_context(locale=language, viewport=size, color_scheme=scheme)
    context.add_cookies([{"name": "sessionid", "value": admin_client.cookies["sessionid"].value, "url": site}])
    page = context.new_page()

    for address in (
        reverse("admin:index"),
        reverse("admin:consent_organisation_change", args=[1]),
        reverse("admin:consent_notice_change", args=[draft.pk]),
        reverse("admin:consent_notice_publish", args=[draft.pk]),
        reverse("admin:consent_notice_compare", args=[draft.pk]),
    ):
        page.goto(site + address)
        assert problems(page) == [], address
    context.close()
