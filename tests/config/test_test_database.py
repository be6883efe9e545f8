"""A transactional test leaves the next one the database as the migrations made it."""

import pytest
from django.contrib.auth.models import Permission, User

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("turn", [1, 2])
def test_the_next_test_finds_what_the_migrations_wrote_and_nothing_else(turn: int) -> None:
    assert Permission.objects.filter(codename="add_user").count() == 1
    assert not User.objects.exists()
    Permission.objects.filter(codename="add_user").delete()
    User.objects.create(username="left behind")
