"""A message that was sent, for what comes back about it."""

import secrets
from uuid import UUID

import pytest

from tests.factories import make_message, make_organisation


@pytest.fixture
def message(db):
    make_organisation()
    message = make_message(status="sent", ground="consent")
    message.message_id = UUID(int=message.pk << 64 | secrets.randbits(64))
    message.save(update_fields=["message_id"])
    return message
