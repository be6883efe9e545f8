from decimal import Decimal

import pytest
from django.utils import timezone

from consent.vocabulary import Channel, Medium
from tests.factories import make_campaign, make_consent, make_detail, make_message, make_organisation, make_prospect
from tests.kannel import IS_MISSING, WHY_MISSING, kannel

SECRET = "what-only-the-gateway-knows"


@pytest.fixture
def sms(settings):
    """An SMS gateway that is named, and does not answer."""
    settings.SMS_GATEWAY = "http://loyal:secret@127.0.0.1:9/cgi-bin/sendsms"
    settings.SMS_SENDER = "Maison"
    settings.SMS_STOP_NUMBER = "36111"
    settings.SMS_COST = Decimal("0.045")
    settings.SMS_PER_SECOND = 1000
    settings.SMS_INCOMING_SECRET = SECRET
    return settings


@pytest.fixture
def gateway(sms, live_server):
    """The real Kannel, which tells the running site what comes back."""
    if IS_MISSING:
        pytest.skip(WHY_MISSING)
    sms.SMS_CALLBACK_URL = live_server.url
    with kannel(f"{live_server.url}/returns/sms/incoming/{SECRET}/") as running:
        sms.SMS_GATEWAY = running.url
        yield running


def text_campaign(**fields):
    make_organisation()
    said = {"channel": Channel.SMS, "format": "text", "body": "Nos soldes commencent, {{ first_name | cher client }}."}
    return make_campaign(**{"status": "running", "send_at": timezone.now(), **said, **fields})


def text_to(number, campaign, first_name="Zoé", **person):
    """A queued text to somebody who agreed to it."""
    detail = make_detail(number, medium=Medium.PHONE, prospect=make_prospect(first_name=first_name, **person))
    make_consent(detail, campaign.purpose, channel=Channel.SMS)
    return make_message(campaign=campaign, detail=detail, ground="consent")
