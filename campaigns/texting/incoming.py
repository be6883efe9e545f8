"""What people text back: STOP at once, CONTACT, and anything else, which staff read."""

import re
import unicodedata
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from campaigns.models import Message, Reply
from campaigns.returns.phrases import Stop, wants_to_stop
from campaigns.returns.take_in import keep_reply
from consent.acts import record_stop
from consent.address_keys import key_in_use
from consent.addresses import normalise
from consent.models import Act, Organisation
from consent.vocabulary import Channel, Medium
from prospects.intake import record_interaction
from prospects.models import ContactDetail, Interaction
from prospects.texting.alphabet import plain

# Whoever stops texts stops both kinds of them: they arrive in the same place, from the same name.
_TEXTS = (Channel.SMS, Channel.MMS)
_LONGEST = 5000
_STOP = ("stop", "arret")
_LETTERS = re.compile(r"[^a-z]+")


@transaction.atomic
def take_in_text(number: str, text: str, *, at: datetime) -> str:
    """Do what a text from a phone asks, and return what to answer; nothing where no answer is due.

    A stop is an objection whether we ever wrote to this number or not, and is confirmed once.
    """
    try:
        address = normalise(Medium.PHONE, _international(number))
    except ValidationError:
        return ""  # a short number or a name: nobody who could be written to
    key, key_id = key_in_use(Medium.PHONE, address)
    detail = ContactDetail.objects.select_related("prospect").filter(address_key=key).order_by("pk").first()
    language = detail.prospect.language if detail else "fr"
    squeezed = _squeezed(text)
    if squeezed.startswith(_STOP) or wants_to_stop(text) is Stop.YES:
        new = [
            record_stop(key, channel=channel, purpose_id=None, at=at, origin=Act.Origin.REPLY, key_id=key_id)
            for channel in _TEXTS
        ]
        return _confirmation(language) if any(new) else ""
    if squeezed.startswith("contact"):
        return _who_we_are(language)
    if detail is not None:
        _keep(detail, text, at=at)
    return ""


def _international(number: str) -> str:
    """A number as gateways give it, with or without what stands before the country's digits."""
    digits = number.strip()
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    return digits if digits.startswith(("+", "0")) else f"+{digits}"


def _squeezed(text: str) -> str:
    """The letters alone, without accents, spaces or case."""
    decomposed = unicodedata.normalize("NFKD", text)
    return _LETTERS.sub("", "".join(c for c in decomposed if not unicodedata.combining(c)).casefold())


def _confirmation(language: str) -> str:
    organisation = Organisation.objects.current()
    with override(language):
        said = _("%(organisation)s: you will receive no more SMS from us. No further message will confirm this.")
        return plain(said % {"organisation": organisation.name})


def _who_we_are(language: str) -> str:
    organisation = Organisation.objects.current()
    parts = [organisation.name, organisation.address.replace("\n", ", "), organisation.phone, organisation.email]
    return plain(" - ".join(part for part in map(str.strip, parts) if part))


def _keep(detail: ContactDetail, text: str, *, at: datetime) -> None:
    """A reply, for staff to read, where it answers a text of ours; and a sign of life."""
    if not record_interaction(detail.prospect, Interaction.Kind.REPLIED, at):
        return
    sent = Message.objects.filter(detail=detail, campaign__channel__in=_TEXTS, status="sent")
    message = sent.order_by("-pk").first()
    if message is not None:
        doubtful = wants_to_stop(text) is Stop.PERHAPS
        verdict = Reply.Verdict.DOUBTFUL if doubtful else Reply.Verdict.READ_ON
        keep_reply(detail.prospect, message, text[:_LONGEST], verdict, at=at)
