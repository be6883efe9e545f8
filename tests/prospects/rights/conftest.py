from datetime import timedelta

import pytest
from django.utils import timezone

from prospects import tasks
from tests.factories import make_consent, make_detail, make_organisation, make_prospect, make_purpose


@pytest.fixture(autouse=True)
def _mails_wait(monkeypatch):
    """Mails wait until a test has them sent; the broker is asked for nothing."""
    monkeypatch.setattr(tasks.send_confirmation_mails, "delay", lambda: None)


@pytest.fixture
def purpose(db):
    make_organisation(data_protection_contact="donnees@example.test")
    return make_purpose(name_fr="Nos offres", name_en="Our offers")


@pytest.fixture
def detail(purpose):
    """Somebody who agreed to our offers an hour ago."""
    detail = make_detail("camille@example.test", prospect=make_prospect(first_name="Camille", last_name="Exemple"))
    make_consent(detail, purpose, at=timezone.now() - timedelta(hours=1))
    return detail
