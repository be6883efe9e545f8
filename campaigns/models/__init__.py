"""What is sent, to whom, when, and what became of each message."""

from campaigns.models.bounce import Bounce
from campaigns.models.campaign import Campaign
from campaigns.models.figures import AudienceCount, DailyFigures, DailyReach
from campaigns.models.illustration import Illustration
from campaigns.models.link import Click, Link
from campaigns.models.message import Message
from campaigns.models.reply import Reply
from campaigns.models.segment import Segment
from campaigns.models.series import Series
from campaigns.models.template import Template
from campaigns.models.version import Version

__all__ = [
    "AudienceCount",
    "Bounce",
    "Campaign",
    "Click",
    "DailyFigures",
    "DailyReach",
    "Illustration",
    "Link",
    "Message",
    "Reply",
    "Segment",
    "Series",
    "Template",
    "Version",
]
