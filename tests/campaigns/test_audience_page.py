"""Who may receive a campaign and who may not, in words."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from campaigns.forms import LONGEST_WAIT
from tests.campaigns.pages import text
from tests.factories import (
    make_campaign,
    make_consent,
    make_detail,
)


def test_the_audience_is_told_by_ground_and_by_reason_with_the_law_behind_it(workspace):
    campaign = make_campaign()
    for _ in range(2):
        make_consent(make_detail(), campaign.purpose)
    make_detail()

    page = text(workspace.get(f"/campaigns/{campaign.pk}/audience/?at={(timezone.now() + timedelta(1)).isoformat()}"))

    assert "<strong>2</strong> may receive it" in page
    assert "<strong>1</strong> may not" in page
    assert "The person&#x27;s consent" in page
    assert "No consent" in page
    assert "L34-5" in page


def test_after_the_launch_the_audience_is_the_one_of_that_moment(workspace):
    now = timezone.now()
    campaign = make_campaign(
        status="running",
        send_at=now,
        launched_at=now,
        audience={"at": now.isoformat(), "allowed": {"consent": 12000}, "refused": {"objected": 3}},
    )

    page = text(workspace.get(f"/campaigns/{campaign.pk}/audience/"))

    assert "<strong>12,000</strong> could receive it" in page
    assert "<strong>3</strong> could not" in page


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
