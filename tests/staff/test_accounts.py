"""Accounts: by invitation alone, with roles, ended at once; answers that say nothing about who has one."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from staff import tasks
from staff.accounts import accounts, send_invitation
from tests.factories import make_marketer, make_organisation
from tests.mailbox import text_of

pytestmark = pytest.mark.django_db

PASSWORD = "assez long, et sans malice"


@pytest.fixture
def administrator(client):
    user = User.objects.create_user("ada", is_staff=True)
    user.groups.add(Group.objects.get(name="Administrators"))
    client.force_login(user)
    make_organisation()
    return user


def invited(client, **changes):
    data = {"email": "Lou@Example.test", "first_name": "Lou", "roles": ["Marketers"], "language": "fr", **changes}
    client.post(reverse("invite"), data)
    return User.objects.get(email="lou@example.test")


def link_in(mailbox, address="lou@example.test"):
    return re.search(r"https?://[^/]+(/\S+)", text_of(mailbox.to(address)[-1])).group(1)


def choose(client, link, password=PASSWORD):
    page = client.get(link, follow=True)
    address = page.redirect_chain[-1][0] if page.redirect_chain else link
    return client.post(address, {"new_password1": password, "new_password2": password}, follow=True)


def test_somebody_invited_chooses_a_password_and_starts_in_their_role(client, administrator, mailbox):
    invited(client)
    somebody = Client()

    page = choose(somebody, link_in(mailbox))

    assert page.redirect_chain[-1][0] == reverse("campaigns:home")
    assert Client().login(username="lou@example.test", password=PASSWORD)


@pytest.mark.parametrize(("language", "words"), [("fr", "Un compte a été ouvert"), ("en", "An account was opened")])
def test_an_invitation_speaks_the_language_chosen(client, administrator, mailbox, language, words):
    invited(client, language=language)

    assert words in text_of(mailbox.to("lou@example.test")[-1])


def test_an_invitation_is_good_once(client, administrator, mailbox):
    invited(client)
    choose(Client(), link_in(mailbox))

    page = choose(Client(), link_in(mailbox), "un autre assez long")

    assert "Ce lien n’est plus valable" in page.content.decode()
    assert not Client().login(username="lou@example.test", password="un autre assez long")


def test_an_invitation_is_over_after_three_days(client, administrator, mailbox, time_machine):
    invited(client)
    time_machine.move_to(timezone.now() + timedelta(days=3, hours=2))

    assert "Ce lien n’est plus valable" in choose(Client(), link_in(mailbox)).content.decode()


def test_an_invitation_is_no_link_to_a_new_password(client, administrator, mailbox):
    invited(client)
    link = link_in(mailbox).replace("/invitation/", "/password/")

    assert "Ce lien n’est plus valable" in choose(Client(), link).content.decode()


@pytest.mark.parametrize("password", ["court", "12345678901", "password123"])
def test_a_weak_password_is_refused(client, administrator, mailbox, password):
    invited(client)
    choose(Client(), link_in(mailbox), password)

    assert not User.objects.get(email="lou@example.test").has_usable_password()


def test_nobody_is_invited_twice(client, administrator, mailbox):
    invited(client)
    page = client.post(reverse("invite"), {"email": "LOU@example.test", "language": "fr"})

    assert "existe déjà" in page.content.decode()
    assert User.objects.filter(email__iexact="lou@example.test").count() == 1


def test_a_deactivated_account_is_out_at_once_and_its_sessions_stay_out(client, administrator, mailbox):
    user = invited(client)
    somebody = Client()
    choose(somebody, link_in(mailbox))
    assert somebody.get(reverse("campaigns:home")).status_code == 200

    client.post(reverse("end_account", args=[user.pk]))
    assert somebody.get(reverse("campaigns:home")).status_code == 302

    client.post(reverse("invite_again", args=[user.pk]))
    assert somebody.get(reverse("campaigns:home")).status_code == 302
    choose(somebody, link_in(mailbox))
    assert somebody.get(reverse("campaigns:home")).status_code == 200


def test_the_link_of_somebody_deactivated_opens_nothing(client, administrator, mailbox):
    user = invited(client)
    client.post(reverse("end_account", args=[user.pk]))

    choose(Client(), link_in(mailbox))

    assert not Client().login(username="lou@example.test", password=PASSWORD)


def test_roles_are_given_and_taken(client, administrator, mailbox):
    user = invited(client)
    client.post(reverse("roles", args=[user.pk]), {"roles": ["Data protection"]})

    user = User.objects.get(pk=user.pk)
    assert [group.name for group in user.groups.all()] == ["Data protection"]
    assert user.is_staff

    client.post(reverse("roles", args=[user.pk]), {})
    assert not User.objects.get(pk=user.pk).is_staff


def test_nobody_ends_themselves_or_a_superuser(client, administrator):
    superuser = User.objects.create_superuser("root")

    for user in (administrator, superuser):
        for page in ("roles", "end_account", "invite_again"):
            assert client.post(reverse(page, args=[user.pk]), {}).status_code == 403
        assert User.objects.get(pk=user.pk).is_active


def test_administrators_cannot_make_a_superuser(client, administrator, mailbox):
    user = invited(client, is_superuser="on", is_staff="on")

    assert not user.is_superuser
    assert client.get(f"/admin/auth/user/{user.pk}/change/").status_code == 403


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr(tasks.send_password_links, "delay", tasks.send_password_links)


def test_whoever_forgot_a_password_gets_a_link_that_ends_other_sessions(client, mailbox, at_once):
    make_organisation()
    user = make_marketer(email="lou@example.test", password="l'ancien, assez long")
    elsewhere = Client()
    elsewhere.force_login(user)

    client.post(reverse("forgotten_password"), {"email": "LOU@example.test"})
    page = choose(client, link_in(mailbox))

    assert page.redirect_chain[-1][0] == reverse("campaigns:home")
    assert elsewhere.get(reverse("campaigns:home")).status_code == 302


def test_the_answer_is_the_same_whether_or_not_there_is_an_account(client, mailbox, at_once):
    make_organisation()
    make_marketer(email="lou@example.test", password=PASSWORD)
    make_marketer(email="gone@example.test", password=PASSWORD, is_active=False)

    answers = {
        re.sub(
            r'nonce="[^"]+"',
            "",
            client.post(reverse("forgotten_password"), {"email": email}, follow=True).content.decode(),
        )
        for email in ("lou@example.test", "nobody@example.test", "gone@example.test")
    }

    assert len(answers) == 1
    assert [len(mailbox.to(f"{name}@example.test")) for name in ("lou", "nobody", "gone")] == [1, 0, 0]


def test_the_queue_of_tasks_holds_nobodys_address_and_a_task_for_whoever_asks(client, monkeypatch):
    user = make_marketer(email="lou@example.test", password=PASSWORD)
    asked = []
    monkeypatch.setattr(tasks.send_password_links, "delay", lambda *arguments: asked.append(arguments))

    for email in ("lou@example.test", "nobody@example.test"):
        client.post(reverse("forgotten_password"), {"email": email})

    assert asked == [([user.pk], "fr"), ([], "fr")]


def test_links_to_a_new_password_are_limited(client, settings, at_once, mailbox):
    settings.HOURLY_LIMITS = settings.HOURLY_LIMITS | {"password_link": 2}

    codes = [client.post(reverse("forgotten_password"), {"email": "a@example.test"}).status_code for _ in range(3)]

    assert codes == [302, 302, 429]


@pytest.mark.parametrize("door", ["login", "admin:login"])
def test_passwords_cannot_be_tried_one_after_the_other(client, settings, door):
    settings.HOURLY_LIMITS = settings.HOURLY_LIMITS | {"failed_sign_in": 3}
    User.objects.create_user("ada", password=PASSWORD, is_staff=True)
    right, wrong = {"username": "ada", "password": PASSWORD}, {"username": "ada", "password": "nope"}

    for _ in range(5):
        assert client.post(reverse(door), right).status_code == 302, "who signs in is not counted"
    client.logout()
    assert [client.post(reverse(door), wrong).status_code for _ in range(4)] == [200, 200, 200, 429]

    assert client.post(reverse(door), right).status_code == 429
    assert client.get(reverse(door)).status_code == 200


def test_a_name_of_two_lines_starts_no_header(client, administrator, mailbox):
    make_organisation(name="Maison\r\nBcc: spy@example.test")

    invited(client)

    assert mailbox.to("lou@example.test")[-1]["Bcc"] is None


def test_one_changes_one_s_own_password(client):
    user = make_marketer(password=PASSWORD)
    client.force_login(user)

    client.post(
        reverse("change_password"),
        {
            "old_password": PASSWORD,
            "new_password1": "le nouveau, assez long",
            "new_password2": "le nouveau, assez long",
        },
    )

    assert Client().login(username=user.username, password="le nouveau, assez long")


def test_the_account_is_there_even_where_the_mail_server_is_not(client, administrator, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

    client.post(reverse("invite"), {"email": "lou@example.test", "language": "fr"})
    page = client.get(reverse("accounts")).content.decode()

    assert "envoyez-la de nouveau" in page
    assert "invité" in page


def test_the_list_costs_as_many_queries_however_many_accounts(client, administrator, django_assert_max_num_queries):
    for _number in range(15):
        make_marketer()

    with django_assert_max_num_queries(12):
        page = client.get(reverse("accounts"))

    assert len(page.context["people"]) == accounts().count()


def test_an_invitation_names_who_is_to_sign_in(mailbox):
    make_organisation()
    send_invitation(make_marketer(username="lou", email="lou@example.test"), "en")

    assert "You will sign in as lou." in text_of(mailbox.to("lou@example.test")[-1])
