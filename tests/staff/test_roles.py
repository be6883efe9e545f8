"""Every page lets in the roles of one table, and refuses the others."""

from fnmatch import fnmatchcase

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.urls import reverse

from staff.models import Grant
from staff.roles import ROLES
from tests.factories import make_detail, make_prospect
from tests.staff.addresses import VALUES, addresses
from tests.staff.who_may_enter import MODELS, PAGES, who_may_enter

LETTERS = {"M": "Marketers", "O": "Operators", "D": "Data protection", "A": "Administrators"}


def member(letter):
    """Somebody with this role alone."""
    if letter == "S":
        return User.objects.create_superuser("superuser")
    role = next(role for role in ROLES if role.name == LETTERS[letter])
    user = User.objects.create_user(f"role-{letter}", is_staff=role.opens_the_admin)
    user.groups.add(Group.objects.get(name=role.name))
    return user


def lets_in(client, user, address):
    """Whether some method is answered with neither a refusal nor the way to the sign-in page."""
    for method in (client.get, client.post):
        if user:
            client.force_login(user)
        else:
            client.logout()
        response = method(address.path)
        asked_to_sign_in = response.status_code == 302 and "/login/" in response.url
        if response.status_code not in (403, 405) and not asked_to_sign_in:
            return True
    return False


def test_every_page_says_in_the_table_who_may_enter():
    silent = sorted({address.name for address in addresses() if who_may_enter(address.name) is None})

    assert not silent, f"add to tests/staff/who_may_enter.py a row for: {', '.join(silent)}"


def test_the_table_has_no_row_of_a_page_that_is_gone():
    names = {address.name for address in addresses()}
    spaces = {f"{name.rpartition(':')[0]}:*" for name in names}
    models = {name.removeprefix("admin:").rpartition("_")[0] for name in names}

    assert set(PAGES) <= names | spaces
    assert set(MODELS) <= models


@pytest.mark.django_db
@pytest.mark.parametrize("letter", "VMODAS")
def test_every_page_lets_in_those_of_its_row_alone(client, letter):
    user = None if letter == "V" else member(letter)
    make_detail(prospect=make_prospect(pk=VALUES["int"]), source={"pk": VALUES["int"]})

    wrong = [
        f"{address.name} ({address.path}) {'refuses' if letter in who_may_enter(address.name) else 'lets in'} {letter}"
        for address in addresses()
        if lets_in(client, user, address) is not (letter in who_may_enter(address.name))
    ]

    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_each_role_starts_on_its_own_page(client):
    starts = {}
    for letter in "MODAS":
        client.force_login(member(letter))
        starts[letter] = client.get(reverse("start")).url

    admin = reverse("admin:index")
    assert starts == {"M": reverse("campaigns:home"), "O": reverse("operations"), "D": admin, "A": admin, "S": admin}


@pytest.mark.django_db
def test_whoever_has_no_role_is_told_whom_to_ask(client):
    client.force_login(User.objects.create_user("nobody-yet"))

    assert "Demandez à un administrateur" in client.get(reverse("start")).content.decode()


@pytest.mark.django_db
def test_after_signing_in_one_is_led_to_one_s_start(client):
    user = member("O")
    user.set_password("a long enough one")
    user.save()

    page = client.post(reverse("login"), {"username": user.username, "password": "a long enough one"}, follow=True)

    assert page.redirect_chain[-1][0] == reverse("operations")


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_every_permission_of_a_role_exists(role):
    names = {f"{p.content_type.app_label}.{p.codename}" for p in Permission.objects.select_related("content_type")}
    given = {f"{p.content_type.app_label}.{p.codename}" for p in Group.objects.get(name=role.name).permissions.all()}

    assert given == {name for name in names if role.grants(name)}
    assert all(any(fnmatchcase(name, pattern) for name in given) for pattern in role.permissions)


@pytest.mark.django_db
def test_what_staff_changed_in_a_group_is_left_alone():
    Group.objects.get(name="Operators").permissions.clear()

    call_command("migrate", verbosity=0)

    assert not Group.objects.get(name="Operators").permissions.exists()


@pytest.mark.django_db
def test_a_later_version_gives_a_group_what_is_new_and_nothing_that_was_taken_away():
    marketers = Group.objects.get(name="Marketers")
    marketers.permissions.clear()
    Grant.objects.filter(role="Marketers", permission="campaigns.approve_campaign").delete()  # as before it existed

    call_command("migrate", verbosity=0)

    assert [permission.codename for permission in marketers.permissions.all()] == ["approve_campaign"]
