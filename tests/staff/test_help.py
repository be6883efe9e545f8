"""A page of help per role, in both languages, whose links lead somewhere that the role may enter."""

import re

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from staff.help import slug_of
from staff.roles import ROLES
from tests.accessibility import DESK, PHONE, problems

pytestmark = pytest.mark.django_db

BOTH = pytest.mark.parametrize("language", ["fr", "en"])


def member(role):
    user = User.objects.create_user(f"of-{slug_of(role)}", is_staff=role.opens_the_admin)
    user.groups.add(Group.objects.get(name=role.name))
    return user


@BOTH
@pytest.mark.parametrize("role", ROLES, ids=slug_of)
def test_every_link_of_a_help_page_opens_to_its_role(client, role, language):
    client.force_login(member(role))
    client.cookies["django_language"] = language

    page = client.get(reverse("help_start"), follow=True).content.decode()
    links = set(re.findall(r'<a href="(/[^"]*)"', page))

    assert len(links) > 3
    for link in links:
        assert client.get(link, follow=True).status_code == 200, link


@BOTH
@pytest.mark.parametrize("role", ROLES, ids=slug_of)
def test_help_speaks_of_the_law_and_of_the_keyboard(client, role, language):
    client.force_login(member(role))
    client.cookies["django_language"] = language

    page = client.get(reverse("help_page", args=[slug_of(role)])).content.decode()

    assert page.count("<h3>") == 3
    assert ("art. " in page) and (("Tabulation" if language == "fr" else "Tab and") in page)


def test_whoever_works_here_has_a_link_to_help(client):
    for role in ROLES:
        client.force_login(member(role))
        assert reverse("help_start") in client.get(reverse("start"), follow=True).content.decode()


PAGES = ("help_start", "accounts", "invite", "checkup", "operations", "change_password", "forgotten_password")


@pytest.mark.parametrize(("language", "size", "scheme"), [("fr", PHONE, "dark"), ("en", DESK, "light")])
def test_the_pages_of_staff_shut_nobody_out(browser, site, transactional_db, client, language, size, scheme):
    client.force_login(User.objects.create_superuser("ada", "ada@maison.example.test"))
    context = browser.new_context(locale=language, viewport=size, color_scheme=scheme)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    page = context.new_page()

    for name in PAGES:
        page.goto(site + reverse(name))
        assert problems(page) == [], name
    context.close()
