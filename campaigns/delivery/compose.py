"""A campaign compiled once: clean HTML, plain text and subject, with slots where they differ from reader to reader."""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from typing import NamedTuple
from uuid import uuid4

import css_inline
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from campaigns.delivery.links import addresses_in, by_us, keep_links, tokens_of
from campaigns.delivery.markup import rendered as rendered_markdown
from campaigns.delivery.markup import to_html, to_text
from campaigns.delivery.mjml import Design, to_design
from campaigns.delivery.mjml import rendered as rendered_mjml
from campaigns.delivery.plain import from_html
from campaigns.delivery.sectioned import to_mjml
from campaigns.delivery.slots import Marks, Part, Slot, one_line
from campaigns.delivery.why import Provenance, why
from campaigns.fields import FIELDS, examples, extra_fields
from campaigns.models import Campaign
from campaigns.sections import rewritten
from campaigns.view_links import view_address
from consent.address_keys import address_key
from consent.bilingual import in_language
from consent.colours import shades
from consent.models import Organisation, Sender
from consent.stop_links import stop_token
from consent.vocabulary import Channel, Medium
from prospects.models import ExtraField
from prospects.models.extra import TAKEN

# Nothing that is seen, so that what mailboxes show after the preheader is not the beginning of the message.
_BLANK = "\u034f\u200c\u00a0" * 9
_TAG = re.compile(r"<[^>]*>")
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)


@dataclass(frozen=True)
class Composition:
    """What every reader of a campaign gets, with slots for what is theirs."""

    subject: tuple[Part, ...]
    text: tuple[Part, ...]
    html: tuple[Part, ...]
    language: str
    purpose: str
    sender: Address
    reply_to: Address | None
    list_name: str
    list_id: str
    extras: tuple[ExtraField, ...] = ()


class Reader(NamedTuple):
    """One reader: the address, what fills the slots, and the names of this one mail."""

    address: str
    message_id: str
    token: str
    words: Mapping[str, str]  # fields, and "why"


@dataclass(frozen=True)
class Rendered:
    """A campaign as one reader sees it."""

    subject: str
    html: str
    text: str


def compose(campaign: Campaign, language: str = "") -> Composition:
    """Compile a campaign. Raises ValidationError, in words for its writer, where it cannot be sent as it stands."""
    language = language or campaign.language
    organisation = Organisation.objects.current()
    sender = sender_of(campaign)
    if not sender.address:
        raise ValidationError(_("There is no sender's address yet: staff set it in the administration."))
    marks = Marks()
    subject = marks.of_fields(" ".join(campaign.subject.split()))
    preheader = marks.of_fields(" ".join(campaign.preheader.split()))
    design, body_text = _body(campaign, marks.of_fields)
    _refuse_fields_in_links(design.html, marks)
    body_html = by_us(design.html, tokens_of(campaign), marks.of(Slot("visit")))
    token = marks.of(Slot("token"))
    purpose = in_language(campaign.purpose, "name", language)
    context = {
        "organisation": organisation,
        "sender": sender,
        "shades": shades(organisation.colour.removeprefix("#")),
        "language": language,
        "purpose": purpose,
        "why": marks.of(Slot("why")),
        "stop_url": stop_address(token),
        "stop_all_url": f"{stop_address(token)}all/",
        "view_url": view_address(campaign.pk or 0, token),
        "preferences_url": f"{settings.SITE_URL}/p/{token}/",
    }
    with override(language):
        page = render_to_string(
            "emails/campaign.html",
            context
            | {
                "body": mark_safe(body_html),  # noqa: S308 — cleaned
                "designed": campaign.format != Campaign.Format.MARKDOWN,
                "preheader": preheader,
                "blank": _BLANK,
                "responsive": mark_safe(design.responsive),  # noqa: S308 — of the engine alone
                "title": "".join(_plain(marks.parts(subject))),
            },
        )
        text = render_to_string("emails/campaign.txt", context | {"body": mark_safe(body_text)})  # noqa: S308
    return Composition(
        subject=marks.parts(subject),
        text=marks.parts(text),
        html=marks.parts(_inliner.inline(page)),
        language=language,
        purpose=purpose,
        sender=_address(sender.name or organisation.name, sender.address),
        reply_to=_address("", answers_to) if (answers_to := sender.reply_to or organisation.email) else None,
        list_name=purpose,
        list_id=f"{campaign.purpose.slug}.{sender.domain}",
        extras=_extras(marks.names()),
    )


def sender_of(campaign: Campaign) -> Sender:
    """In whose name a campaign leaves: its own sender's, or the default one's as it is then."""
    return campaign.sender or Sender.objects.default()


def _extras(names: set[str]) -> tuple[ExtraField, ...]:
    """The extra fields among these names; most mails show none, and ask for none."""
    extra = names - FIELDS.keys() - TAKEN
    return tuple(extra_fields(extra)) if extra else ()


def make_links(campaign: Campaign) -> None:
    """Give a campaign that counts clicks the addresses by which its links lead, before its first mail is composed."""
    if campaign.count_clicks:
        design, _text = _body(campaign, Marks().of_fields)
        keep_links(campaign, addresses_in(design.html))


def stop_address(token: str) -> str:
    """Where the stop link of a mail leads."""
    return f"{settings.SITE_URL}/u/{token}/"


def render(composition: Composition, reader: Reader) -> Rendered:
    """Fill every slot for one reader."""
    return Rendered(
        subject=fill(composition.subject, reader),
        html=fill(composition.html, reader, html.escape),
        text=fill(composition.text, reader),
    )


def fill(parts: tuple[Part, ...], reader: Reader, escape: Callable[[str], str] = str) -> str:
    """Join parts, with each slot filled by the reader's own word, escaped for the place, or by its default."""
    return "".join(part if isinstance(part, str) else escape(word(part, reader)) for part in parts)


def word(slot: Slot, reader: Reader) -> str:
    """What stands in a slot for one reader, on one line."""
    if slot.name == "token":
        return reader.token
    return one_line(reader.words.get(slot.name) or "") or slot.default


def render_preview(campaign: Campaign, fields: Mapping[str, str] | None = None, language: str = "") -> Rendered:
    """Show a campaign as a reader with these fields would see it."""
    composition = compose(campaign, language)
    return render(composition, sample_reader(campaign, composition, fields or examples(), "lecteur@example.test"))


def sample_reader(campaign: Campaign, composition: Composition, fields: Mapping[str, str], address: str) -> Reader:
    """Somebody who agreed today, on the form."""
    today = timezone.localdate()
    reason = why(
        "consent",
        Provenance(given_on=today, source="form", collected_on=today),
        composition.purpose,
        composition.language,
    )
    key = address_key(Medium.EMAIL, address)
    return Reader(
        address=address,
        message_id=uuid4().hex,
        token=stop_token(key, Channel.EMAIL, campaign.purpose_id),
        words={**fields, "why": reason},
    )


def _body(campaign: Campaign, mark: Callable[[str], str]) -> tuple[Design, str]:
    """What a campaign says, in its writer's format, as clean HTML and as plain text, its fields marked."""
    if campaign.format == Campaign.Format.MARKDOWN:
        source = mark(campaign.body)
        return Design(to_html(source), responsive=""), to_text(source)
    design = to_design(_as_mjml(campaign, mark))
    return design, from_html(design.html)


def _as_mjml(campaign: Campaign, mark: Callable[[str], str]) -> str:
    if campaign.format == Campaign.Format.MJML:
        return mark(campaign.body)
    who = (Organisation.objects.current(), sender_of(campaign))
    return to_mjml(rewritten(campaign.sections, mark), *who, campaign.language)


def as_written(campaign: Campaign) -> str:
    """What a campaign says as HTML that is not cleaned yet, to see where its links would lead."""
    if campaign.format == Campaign.Format.MARKDOWN:
        return rendered_markdown(campaign.body)
    return rendered_mjml(_as_mjml(campaign, str))


def _refuse_fields_in_links(body: str, marks: Marks) -> None:
    """A name in an address would tell it to every server on the way, and to the site's logs."""
    for tag in _TAG.findall(body):
        for slot in marks.within(tag):
            raise ValidationError(
                _("The field “%(name)s” cannot stand inside a link or a picture."), params={"name": slot.name}
            )


def _plain(parts: tuple[Part, ...]) -> list[str]:
    return [part if isinstance(part, str) else part.default for part in parts]


def _address(name: str, address: str) -> Address:
    """An address whose parts cannot start another header."""
    local, _at, domain = address.rpartition("@")
    return Address(one_line(name), username=one_line(local), domain=one_line(domain))
