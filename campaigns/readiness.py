"""What still keeps a campaign from being scheduled, and what would be better, in words for the person who writes it."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from campaigns.broken_links import broken_links
from campaigns.delivery.compose import Rendered, as_written, compose
from campaigns.fields import problems
from campaigns.habits import Mail, advice
from campaigns.models import Campaign
from campaigns.reading import contents
from campaigns.sections import gaps, texts
from consent.models import Organisation


def obstacles(campaign: Campaign) -> list[str]:
    """Say everything that keeps a campaign from leaving; empty when nothing does."""
    found = problems(campaign.subject) + problems(campaign.preheader) + of_body(campaign)
    if not campaign.subject.strip():
        found.append(_("The message has no subject."))
    if not Organisation.objects.current().name:
        found.append(_("The organisation has no name yet: staff set it in the administration."))
    try:
        compose(campaign)
    except ValidationError as error:
        found += [message for message in error.messages if message not in found]
    else:
        found += of_links(campaign)
    return found


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
