"""The public form's page is drawn once, and is never older than what staff, the law or the clock last changed."""

import re
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.template import engines
from django.utils import timezone

from consent.models import Purpose
from prospects import form_pages, stamps
from prospects.tasks import send_confirmation_mails, wake_confirmation_mails
from tests.factories import make_form, make_notice, make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_drawn(monkeypatch):
    monkeypatch.setattr(form_pages, "_drawn", {})


@pytest.fixture
def form():
    make_organisation()
    return make_form(slug="lettre", asks_name=True)


@pytest.fixture
def drawn(monkeypatch):
    """The languages in which a page was drawn."""
    languages = []
    draw = form_pages.VisitorForm
    monkeypatch.setattr(
        form_pages, "VisitorForm", lambda *args, **options: languages.append(1) or draw(*args, **options)
    )
    return languages


def page(client, **headers):
    return client.get("/s/lettre/", **headers).content.decode()


def stamp_in(text):
    return re.search(r'name="stamp" value="([^"]+)"', text).group(1)


def test_a_page_is_drawn_once_and_each_copy_has_a_stamp_of_its_own(client, form, drawn):
    first, second = page(client), page(client)

    assert len(drawn) == 1
    assert stamp_in(first) != stamp_in(second)
    assert first.replace(stamp_in(first), "") == second.replace(stamp_in(second), "")


def test_a_copy_is_the_page_that_is_drawn(client, form):
    drawn_now, copied = client.get("/s/lettre/"), client.get("/s/lettre/")

    assert dict(drawn_now.headers) == dict(copied.headers)
    assert "no-store" in copied["Cache-Control"]


def test_a_copy_asks_the_database_one_question(client, form, django_assert_num_queries):
    page(client)

    with django_assert_num_queries(1):
        page(client)


def test_the_stamp_of_a_copy_sends_the_form(client, form, time_machine):
    page(client)
    stamp = stamp_in(page(client))
    time_machine.move_to(timezone.now() + timedelta(seconds=10))

    answer = client.post(
        "/s/lettre/", {"stamp": stamp, "email": "camille@example.test", f"box_{form.notice.boxes.get().pk}": "on"}
    )

    assert answer.status_code == 302


def test_each_language_has_its_page(client, form):
    assert "Notre lettre" in page(client, HTTP_ACCEPT_LANGUAGE="fr")
    assert "Our newsletter" in page(client, HTTP_ACCEPT_LANGUAGE="en")
    assert "Notre lettre" in page(client, HTTP_ACCEPT_LANGUAGE="fr")


@pytest.mark.parametrize("what", ["form", "notice", "organisation", "purpose"])
def test_what_staff_change_shows_at_once(client, form, drawn, what):
    page(client)

    if what == "form":
        form.title_fr = "Une autre lettre"
        form.save()
    elif what == "notice":
        form.notice = make_notice(information_fr="Une autre information.")
        form.save()
    elif what == "organisation":
        make_organisation(name="Autre Maison")
    else:
        Purpose.objects.update(name_fr="Autre chose")
    changed = page(client)

    assert len(drawn) == 2
    expected = {"form": "Une autre lettre", "notice": "Une autre information.", "organisation": "Autre Maison"}
    assert expected.get(what, "") in changed


def test_a_form_that_closes_is_closed_to_the_next_visitor(client, form):
    page(client)
    form.is_open = False
    form.save()

    assert client.get("/s/lettre/").status_code == 410
    assert client.get("/s/nowhere/").status_code == 404


def test_a_box_that_the_law_takes_away_is_gone_on_that_day(client, time_machine):
    time_machine.move_to(datetime(2026, 8, 10, 12, tzinfo=UTC))
    make_organisation()
    make_form(slug="lettre", asks_phone=True, notice=make_notice({"channel": "phone", "kind": "opt_out"}))
    assert 'type="checkbox"' in page(client)

    time_machine.move_to(datetime(2026, 8, 11, 12, tzinfo=UTC))

    assert 'type="checkbox"' not in page(client)


def test_a_page_that_uses_its_nonce_is_drawn_each_time(client, form, drawn, monkeypatch):
    template = engines["django"].from_string('<script nonce="{{ request.csp_nonce }}"></script>{{ form.stamp }}')
    monkeypatch.setattr(
        sys.modules["prospects.views.signup"],
        "render",
        lambda request, _name, context: form_pages.HttpResponse(template.render(context, request)),
    )

    assert page(client) != page(client)
    assert len(drawn) == 2


def test_a_day_that_ends_lets_the_page_be_drawn_anew(client, form, drawn, time_machine):
    time_machine.move_to(datetime(2026, 11, 24, 22, 59, tzinfo=UTC))
    page(client)
    time_machine.move_to(datetime(2026, 11, 24, 23, 1, tzinfo=UTC))  # tomorrow in Paris
    page(client)

    assert len(drawn) == 2
    assert timedelta(days=1) > stamps.LONGEST


def test_many_signups_wake_the_sender_once_until_it_begins(monkeypatch):
    woken = []
    monkeypatch.setattr(send_confirmation_mails, "delay", lambda: woken.append(1))
    send_confirmation_mails()

    for _ in range(3):
        wake_confirmation_mails()
    assert len(woken) == 1

    send_confirmation_mails()
    wake_confirmation_mails()
    assert len(woken) == 2
