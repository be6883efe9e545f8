"""What is missing in a mail, broken in it, or would be better, in words for the person who writes it."""

from django.utils.translation import gettext as _

from campaigns.broken_links import broken_links
from campaigns.delivery.compose import Rendered, as_written
from campaigns.fields import problems
from campaigns.habits import Mail, advice
from campaigns.models import Campaign
from campaigns.reading import contents
from campaigns.sections import gaps, texts


def of_body(campaign: Campaign) -> list[str]:
    """What is missing in what a campaign says, or written in a way that cannot be filled."""
    if campaign.format == Campaign.Format.SECTIONS:
        wrong = [f"{place}: {problem}" for place, text in texts(campaign.sections) for problem in problems(text)]
        return [*gaps(campaign.sections), *wrong]
    if not campaign.body.strip():
        return [_("The message is empty.")]
    return problems(campaign.body)


def of_links(campaign: Campaign) -> list[str]:
    """What is wrong with the links and pictures of a campaign that can be composed."""
    return broken_links(as_written(campaign))


def better(campaign: Campaign, rendered: Rendered) -> list[str]:
    """Say which habits of a campaign take mails to the spam folder."""
    return advice(
        Mail(rendered.subject, campaign.preheader, contents(as_written(campaign)), len(rendered.html.encode()))
    )
