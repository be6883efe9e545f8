"""What is sent, to whom, when, and what became of each message."""

from campaigns.models.bounce import Bounce
from campaigns.models.campaign import Campaign
from campaigns.models.link import Click, Link
from campaigns.models.message import Message
from campaigns.models.reply import Reply

__all__ = ["Bounce", "Campaign", "Click", "Link", "Message", "Reply"]
