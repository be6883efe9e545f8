"""What somebody may ask on the public page, how they show who they are, and what others cannot do in their place."""

import json
import re
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.signing import Signer
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from consent.address_keys import address_key
from consent.models import Act, Objection, Permission
from prospects.links import (
    BadLink,
    fresh_token,
    keep_token,
    read_rights_file_token,
    read_rights_token,
    rights_file_token,
    rights_token,
)
from prospects.models import ContactDetail, LegalHold, Prospect, RightsRequest
from prospects.rights.granting import LinkEnded, prove
from prospects.rights.mails import forget_who_asked, send_due_rights_mails
from tests.factories import make_detail
from tests.mailbox import text_of
from tests.prospects.rights.asked import ask, ask_and_press, link_in
from tests.prospects.together import together

pytestmark = pytest.mark.django_db
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.fixture
def client():
    return Client(enforce_csrf_checks=True, **ENGLISH)


def content(answer):
    return b"".join(answer.streaming_content)


def file_of(answer):
    """The data in a file, as programs read them, and the names of its parts."""
    archive = zipfile.ZipFile(BytesIO(content(answer)))
    return json.loads(archive.read("data.json")), archive.namelist()


# ---- Asking ----


def test_every_public_page_leads_to_the_page_of_rights(client, detail):
    for path in ("/", "/rights/", "/nothing-here"):
        assert 'href="/rights/"' in client.get(path).content.decode()


def test_who_asks_to_see_their_data_gets_them_by_a_link_sent_to_the_address(client, mailbox, detail):
    page = ask_and_press(client, mailbox, "access")

    assert "Your file is ready" in page.content.decode()
    data, names = file_of(client.post(page.request["PATH_INFO"]))
    assert data["person"]["rows"][0]["first_name"] == "Camille"
    assert "your-data.pdf" in names
    request = RightsRequest.objects.get()
    assert (request.status, request.identity) == ("done", "link sent to the address")
    assert not client.cookies


def test_a_mere_look_at_the_links_opens_and_takes_nothing(client, mailbox, detail):
    ask(client, "access")
    link = link_in(mailbox)
    client.get(link)
    assert RightsRequest.objects.get().status == "unproven"

    file = client.post(link, follow=True).request["PATH_INFO"]
    looked_at = client.get(file)
    assert "camille@example.test" not in looked_at.content.decode()
    assert not looked_at.streaming


def test_whether_somebody_is_known_changes_nothing_of_the_answer_the_mail_or_the_questions(client, mailbox, detail):
    answers, statements = [], []
    for address in ("camille@example.test", "nobody@example.test"):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answers.append(ask(client, "erasure", address))
        statements.append([re.sub(r"'[^']*'", "?", query["sql"]) for query in asked.captured_queries])
    send_due_rights_mails()

    assert answers[0].content == answers[1].content
    assert statements[0] == statements[1]
    known, unknown = (text_of(mailbox.to(a)[0]) for a in ("camille@example.test", "nobody@example.test"))
    without_link = re.compile(r"\S*/rights/link/\S+|№ \d+")
    assert without_link.sub("", known) == without_link.sub("", unknown)


def test_somebody_unknown_is_told_what_little_there_is(client, mailbox, purpose):
    client.post("/rights/stop/", {"stop_address": "camille@example.test"})
    page = ask_and_press(client, mailbox, "access")
    data, _names = file_of(client.post(page.request["PATH_INFO"]))

    assert data["person"]["rows"] == []
    assert len(data["objections"]["rows"]) == 1


def test_asking_is_limited_by_client_and_by_address(settings, client, mailbox, detail):
    settings.HOURLY_LIMITS = settings.HOURLY_LIMITS | {"rights_request": 2}
    assert [ask(client, "access").status_code for _time in range(3)] == [200, 200, 429]
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert ask(elsewhere, "access").status_code == 429
    assert RightsRequest.objects.count() == 1


def test_without_redis_nothing_is_asked_and_the_page_says_so(settings, client, purpose):
    settings.CACHES = {"default": {"BACKEND": "config.redis_cache.RedisCache", "LOCATION": "redis://127.0.0.1:1"}}
    assert ask(client, "access").status_code == 503


def test_a_wish_without_a_right_or_an_address_is_shown_again(client, purpose):
    page = client.post("/rights/", {"right": "objection", "address": "nowhere"}).content.decode()

    assert page.count('role="alert"') == 2
    assert not RightsRequest.objects.exists()


# ---- Objecting: at once, unlimited, whoever asks ----


@pytest.mark.parametrize(
    ("typed", "medium"),
    [(" Camille@Example.test", "email"), ("01 99 00 12 34", "phone"), ("new@example.test", "email")],
)
def test_an_objection_counts_at_once_known_or_not(client, detail, typed, medium):
    make_detail("01 99 00 12 34", medium="phone", prospect=detail.prospect)
    answer = client.post("/rights/stop/", {"stop_address": typed})

    assert "It is stopped" in answer.content.decode()
    objection = Objection.objects.get()
    assert (objection.channel, objection.purpose) == (None, None)
    assert objection.address_key == address_key(medium, typed)
    assert set(Act.objects.filter(kind="objected").values_list("origin", flat=True)) == {"rights"}


def test_an_objection_is_never_limited_and_needs_no_redis(settings, client, detail):
    settings.HOURLY_LIMITS = dict.fromkeys(settings.HOURLY_LIMITS, 0)
    settings.CACHES = {"default": {"BACKEND": "config.redis_cache.RedisCache", "LOCATION": "redis://127.0.0.1:1"}}
    codes = [client.post("/rights/stop/", {"stop_address": "camille@example.test"}).status_code for _time in range(9)]

    assert set(codes) == {200}
    assert Act.objects.filter(kind="objected").count() == 1


def test_the_answer_to_an_objection_tells_nothing_of_who_is_known(client, detail):
    pages = [
        client.post("/rights/stop/", {"stop_address": address}).content
        for address in ("camille@example.test", "nobody@example.test")
    ]
    assert pages[0] == pages[1]


# ---- Erasing, correcting, freezing, taking along ----


def test_who_asks_to_be_erased_is_erased_by_their_press_and_told_what_stays(client, mailbox, detail):
    ask(client, "erasure")
    link = link_in(mailbox)
    assert "from which" not in client.get(link).content.decode()
    page = client.post(link).content.decode()

    assert not Prospect.objects.exists()
    assert "in which nobody reads the address" in page and "GDPR, article 21(3)" in page
    send_due_rights_mails()
    mail = text_of(mailbox.to("camille@example.test")[-1])
    assert "in which nobody reads the address" in mail and "is erased" in mail
    request = RightsRequest.objects.get()
    assert (request.status, request.address, request.words, request.prospect_id) == ("done", "", "", None)
    assert Permission.objects.get().lapsed_at is not None


def test_a_legal_hold_sends_an_erasure_to_staff(client, mailbox, detail):
    now = timezone.now()
    hold = LegalHold(prospect=detail.prospect, reason="claim", starts_at=now, ends_at=now + timedelta(days=30))
    hold.save()
    page = ask_and_press(client, mailbox, "erasure").content.decode()

    assert "Your request is open" in page and "dispute" in page
    assert Prospect.objects.exists()
    assert RightsRequest.objects.get().status == "open"


def test_a_name_is_corrected_by_the_person_and_words_go_to_staff(client, mailbox, detail):
    ask(client, "rectification")
    link = link_in(mailbox)
    assert 'value="Camille"' in client.get(link).content.decode()
    client.post(link, {"first_name": "Dominique", "last_name": "Exemple", "language": "en"})

    prospect = Prospect.objects.get()
    assert (prospect.first_name, prospect.language) == ("Dominique", "en")
    assert RightsRequest.objects.get().status == "done"

    ask_and_press(client, mailbox, "rectification", first_name="Dominique", language="en", words="My number is wrong.")
    request = RightsRequest.objects.get(status="open")
    assert request.words == "My number is wrong."


def test_nothing_but_the_shown_fields_can_be_corrected(client, mailbox, detail):
    ask_and_press(
        client,
        mailbox,
        "rectification",
        first_name="Camille",
        last_name="Exemple",
        language="fr",
        kind="professional",
        restricted_at="2020-01-01",
        created_at="2020-01-01",
        company="",
    )
    prospect = Prospect.objects.get()
    assert (prospect.kind, prospect.restricted_at) == ("individual", None)


def test_a_freeze_begins_with_the_press(client, mailbox, detail):
    page = ask_and_press(client, mailbox, "restriction", words="I contest what you say of me.").content.decode()

    assert "Your data are frozen" in page
    assert Prospect.objects.get().restricted_at is not None
    send_due_rights_mails()
    assert "Your data are frozen" in text_of(mailbox.to("camille@example.test")[-1])


def test_portability_gives_what_the_person_gave_and_no_more(client, mailbox, detail):
    partner = {"kind": "partner", "partner": "Salon"}
    make_detail("01 99 00 12 34", medium="phone", prospect=detail.prospect, source=partner)
    page = ask_and_press(client, mailbox, "portability")
    data, names = file_of(client.post(page.request["PATH_INFO"]))

    assert [row["address"] for row in data["details"]["rows"]] == ["camille@example.test"]
    assert {row["kind"] for row in data["acts"]["rows"]} == {"given", "confirmed"}
    assert not {"sources", "messages", "calls", "permissions"} & set(data)
    assert not any(name.endswith(".pdf") for name in names)


# ---- What others cannot do ----


def test_a_link_works_once(client, mailbox, detail):
    ask(client, "access")
    link = link_in(mailbox)
    client.post(link)
    again = client.post(link)

    assert "This link has ended" in again.content.decode()
    assert "This link has ended" in client.get(link).content.decode()
    assert RightsRequest.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_link_pressed_twice_at_the_same_moment_opens_one_request(mailbox, detail):
    ask(Client(), "erasure")
    pk, now = RightsRequest.objects.get().pk, timezone.now()

    ended = together(*[lambda: prove(pk, at=now)] * 4)

    assert sorted(type(one).__name__ for one in ended) == ["LinkEnded"] * 3 + ["RightsRequest"]
    assert not Prospect.objects.exists()


@given(st.text(max_size=80))
def test_no_text_is_a_link_that_was_not_made_here(text):
    for read in (read_rights_token, read_rights_file_token):
        with pytest.raises(BadLink):
            read(text)


def test_an_old_link_does_nothing(client, mailbox, detail, time_machine):
    ask(client, "erasure")
    link = link_in(mailbox)
    time_machine.move_to(timezone.now() + timedelta(hours=24, seconds=1))

    assert "This link has ended" in client.post(link).content.decode()
    with pytest.raises(LinkEnded):
        prove(RightsRequest.objects.get().pk, at=timezone.now())
    assert Prospect.objects.exists()


def test_a_file_is_given_for_three_days_and_a_few_times_an_hour(settings, client, mailbox, detail, time_machine):
    settings.HOURLY_LIMITS = settings.HOURLY_LIMITS | {"rights_file": 2}
    file = ask_and_press(client, mailbox, "access").request["PATH_INFO"]
    answers = [client.post(file) for _time in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    for answer in answers[:2]:
        content(answer)
    time_machine.move_to(timezone.now() + timedelta(hours=72, seconds=1))

    assert client.post(file).status_code == 410
    forget_who_asked()
    assert RightsRequest.objects.get().address == ""


def test_a_link_of_another_kind_or_of_another_request_opens_nothing(client, mailbox, detail):
    ask(client, "access")
    pk = RightsRequest.objects.get().pk
    foreign = (
        Signer(salt="prospects.rights-file").sign(str(pk)),
        Signer(salt="prospects.keep").sign(str(pk)),
        fresh_token(detail.pk),
        keep_token(detail.pk),
        f"{pk}:0",
        str(pk),
    )
    for token in foreign:
        assert client.post(f"/rights/link/{token}/").status_code == 404
        with pytest.raises(BadLink):
            read_rights_token(token)
    for token in (rights_token(pk), str(pk)):
        assert client.post(f"/rights/file/{token}/").status_code == 404
        with pytest.raises(BadLink):
            read_rights_file_token(token)
    # The file of a request that nobody proved, or that asks for no file, is never given, whoever could sign its link.
    assert client.post(f"/rights/file/{rights_file_token(pk)}/").status_code == 410
    assert RightsRequest.objects.get().status == "unproven"


def test_a_wish_replaces_one_whose_link_nobody_used(client, mailbox, detail):
    ask(client, "access")
    first = link_in(mailbox)
    ask(client, "access")

    assert link_in(mailbox) == first  # the same request, its time begun anew
    assert RightsRequest.objects.count() == 1


def test_no_mail_is_sent_twice_and_one_that_could_not_leave_goes_later(client, mailbox, detail, settings):
    ask(client, "access")
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert send_due_rights_mails() == 0
    settings.EMAIL_PORT = port
    assert send_due_rights_mails() == 1
    assert send_due_rights_mails() == 0
    assert len(mailbox) == 1


def test_an_erased_person_gives_no_file_of_who_they_were(client, mailbox, detail):
    file = ask_and_press(client, mailbox, "access").request["PATH_INFO"]
    ContactDetail.objects.get().prospect.delete()
    data, _names = file_of(client.post(file))

    assert data["person"]["rows"] == data["details"]["rows"] == []
