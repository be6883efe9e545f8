"""A campaign as it stands, sent to its writer alone."""

from email import message_from_bytes
from email.message import EmailMessage as WrittenMessage
from email.message import Message
from email.policy import SMTP

from django.core.mail import get_connection
from django.core.mail.message import EmailMessage, MIMEMixin
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.delivery.compose import compose, sample_reader
from campaigns.delivery.skeleton import Skeleton
from campaigns.fields import examples
from campaigns.models import Campaign


def send_test(campaign: Campaign, to_user_email: str) -> None:
    """Send a campaign to its writer, filled with examples. Its stop link is real: it stops what it says."""
    campaign.subject = _("[Test] %(subject)s") % {"subject": campaign.subject}
    composition = compose(campaign)
    mail = Skeleton(composition).fill(
        sample_reader(campaign, composition, examples(), to_user_email), timezone.localtime()
    )
    with get_connection() as connection:
        connection.send_messages([_Ready(mail, composition.sender.addr_spec, to_user_email)])


class _Ready(EmailMessage):
    """A mail made elsewhere, in the form that Django's mail connections take."""

    def __init__(self, mail: bytes, sender: str, recipient: str) -> None:
        self._mail = message_from_bytes(mail, _Written, policy=SMTP.clone(refold_source="none"))
        super().__init__(subject=str(self._mail["Subject"]), from_email=sender, to=[recipient])

    def message(self) -> Message:  # type: ignore[override]
        return self._mail


class _Written(MIMEMixin, WrittenMessage):  # type: ignore[misc]
    """A mail that writes itself with the line ends that Django asks for."""
