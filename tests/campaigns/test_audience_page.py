"""The page that counts an audience, whatever moment its address asks about."""

from datetime import datetime

import pytest
from django.utils import timezone

from campaigns.forms import LONGEST_WAIT
from tests.factories import make_campaign, make_consent, make_detail


@pytest.mark.parametrize(
    "asked",
    [
        "9999-12-31T23:59:59+00:00",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "2099-99-99T00:00Z",
        "soon",
    ],
)
def test_the_audience_is_counted_for_a_moment_that_can_be_scheduled(workspace, asked):
    campaign = make_campaign()
    make_consent(make_detail(), campaign.purpose)

    answer = workspace.get(f"/campaigns/{campaign.pk}/audience/", {"at": asked})

    assert answer.status_code == 200
    now = timezone.now()
    counted: datetime = answer.context["audience"].at
    assert abs(counted - now).days <= LONGEST_WAIT.days
    assert answer.context["audience"].allowed_total == 1
