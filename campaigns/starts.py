"""What a campaign may start from: templates that come with Loyal, in both languages, and those that marketers save."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy

from campaigns import channels
from campaigns.models import Campaign, Template
from campaigns.sections import Section, blank
from campaigns.versions import WORDS
from consent.vocabulary import Channel, Language

_CARRIED = ("channel", *(name for name in WORDS if name != "name"), "sender")
_SAVED = "saved-"


@dataclass(frozen=True)
class Start:
    """Words and a look to begin with."""

    name: str | Promise
    about: str | Promise
    french: dict[str, Any]
    english: dict[str, Any]

    def words(self, language: str | None = None) -> dict[str, Any]:
        """What a new campaign holds, in the language asked for or else in that of the page."""
        language = language if language in ("fr", "en") else "en" if get_language() == "en" else "fr"
        return {"language": language, "format": Campaign.Format.SECTIONS} | (
            self.english if language == "en" else self.french
        )


def find(slug: str, language: str | None = None, channel: str | None = None) -> dict[str, Any]:
    """The words of a template; of one that is not there, those of an empty message of the channel named."""
    number = slug.removeprefix(_SAVED)
    if slug.startswith(_SAVED) and number.isdecimal():
        saved = Template.objects.filter(pk=int(number)).first()
        if saved is not None:
            return {name: getattr(saved, name) for name in _CARRIED}
    if channel not in (None, Channel.EMAIL) and channel in channels.every():
        chosen = language if language in Language.values else get_language() or Language.FRENCH
        return {"language": chosen, "channel": channel}
    return BUILT_IN.get(slug, _EMPTY).words(language)


def built_in(channel: str) -> dict[str, Start]:
    """The templates that come with Loyal for a channel."""
    return BUILT_IN if channel == Channel.EMAIL else {}


def save(campaign: Campaign, *, by: User) -> Template:
    """Keep a campaign's words and look; under the same name, in the place of what it was."""
    carried = {name: getattr(campaign, name) for name in _CARRIED}
    return Template.objects.update_or_create(
        name=campaign.name, defaults=carried | {"saved_by": by, "saved_at": timezone.now()}
    )[0]


def _section(kind: str, **held: str) -> Section:
    return blank(kind) | held


def _heading(text: str, size: str = "large") -> Section:
    return _section("heading", text=text, size=size)


def _text(text: str) -> Section:
    return _section("text", text=text)


_EMPTY = Start(
    "",
    "",
    french={"sections": [_heading(""), _text("")]},
    english={"sections": [_heading(""), _text("")]},
)

BUILT_IN: dict[str, Start] = {
    "newsletter": Start(
        gettext_lazy("Newsletter"),
        gettext_lazy("Several subjects, a picture, two columns."),
        french={
            "subject": "Des nouvelles de la maison",
            "preheader": "Ce qui a changé ce mois-ci, et ce qui vient",
            "sections": [
                _heading("Des nouvelles de la maison"),
                _text("Bonjour {{ first_name | à vous }},\n\nVoici ce qui a changé ce mois-ci, en trois minutes."),
                _section("image", alternative="Ce que montre la photo du mois"),
                _heading("Le sujet du mois", "medium"),
                _text("Racontez ici l’essentiel, en quelques phrases. Une idée par paragraphe."),
                _section("button", words="Lire la suite"),
                _section("divider"),
                _section(
                    "columns",
                    left_text="**Première brève**\n\nDeux phrases suffisent.",
                    right_text="**Seconde brève**\n\nDeux phrases suffisent.",
                ),
                _section("footnote", text="Une question ? Répondez à ce message : une personne vous lira."),
            ],
        },
        english={
            "subject": "News from the house",
            "preheader": "What changed this month, and what comes next",
            "sections": [
                _heading("News from the house"),
                _text("Hello {{ first_name | to you }},\n\nHere is what changed this month, in three minutes."),
                _section("image", alternative="What the picture of the month shows"),
                _heading("This month’s subject", "medium"),
                _text("Tell the essentials here, in a few sentences. One idea for each paragraph."),
                _section("button", words="Read on"),
                _section("divider"),
                _section(
                    "columns",
                    left_text="**First in brief**\n\nTwo sentences are enough.",
                    right_text="**Second in brief**\n\nTwo sentences are enough.",
                ),
                _section("footnote", text="A question? Reply to this message: a person reads it."),
            ],
        },
    ),
    "announcement": Start(
        gettext_lazy("Announcement"),
        gettext_lazy("One piece of news, and where to read more."),
        french={
            "subject": "Nous avons une nouvelle à vous annoncer",
            "preheader": "En une minute : ce qui change, et pour qui",
            "sections": [
                _heading("Ce qui change"),
                _text("Bonjour {{ first_name | à vous }},\n\nDites la nouvelle dès la première phrase."),
                _section("image", alternative="Ce que montre l’image"),
                _text("Puis pour qui elle compte, et à partir de quand."),
                _section("button", words="En savoir plus"),
            ],
        },
        english={
            "subject": "We have news for you",
            "preheader": "In one minute: what changes, and for whom",
            "sections": [
                _heading("What changes"),
                _text("Hello {{ first_name | to you }},\n\nTell the news in the first sentence."),
                _section("image", alternative="What the picture shows"),
                _text("Then for whom it matters, and from when on."),
                _section("button", words="Find out more"),
            ],
        },
    ),
    "offer": Start(
        gettext_lazy("Offer"),
        gettext_lazy("A price or an advantage, its dates and its conditions."),
        french={
            "subject": "Une offre jusqu’au …",
            "preheader": "Ce que vous y gagnez, jusqu’à quand, et comment",
            "sections": [
                _heading("Votre offre"),
                _section("image", alternative="Le produit de l’offre"),
                _text("Bonjour {{ first_name | à vous }},\n\nDites le prix, l’avantage, et jusqu’à quand il tient."),
                _section("button", words="Profiter de l’offre"),
                _section("spacer", size="small"),
                _section("footnote", text="Offre valable du … au …, dans la limite de …. Conditions : …"),
            ],
        },
        english={
            "subject": "An offer until …",
            "preheader": "What you gain, until when, and how",
            "sections": [
                _heading("Your offer"),
                _section("image", alternative="The product on offer"),
                _text("Hello {{ first_name | to you }},\n\nSay the price, the advantage, and until when it stands."),
                _section("button", words="Take up the offer"),
                _section("spacer", size="small"),
                _section("footnote", text="Offer valid from … to …, limited to …. Conditions: …"),
            ],
        },
    ),
    "invitation": Start(
        gettext_lazy("Invitation"),
        gettext_lazy("A day, a place, and a way to answer."),
        french={
            "subject": "Vous êtes invité : le …",
            "preheader": "Le jour, le lieu, et comment répondre",
            "sections": [
                _heading("Nous vous invitons"),
                _text("Bonjour {{ first_name | à vous }},\n\nDites en une phrase pourquoi venir."),
                _section(
                    "columns",
                    left_text="**Quand**\n\nLe jour, de telle heure à telle heure",
                    right_text="**Où**\n\nL’adresse, l’accès, le plan",
                ),
                _section("button", words="Je viens"),
                _section("footnote", text="Dites-nous si un aménagement vous aiderait à venir."),
            ],
        },
        english={
            "subject": "You are invited: on …",
            "preheader": "The day, the place, and how to answer",
            "sections": [
                _heading("You are invited"),
                _text("Hello {{ first_name | to you }},\n\nSay in one sentence why to come."),
                _section(
                    "columns",
                    left_text="**When**\n\nThe day, from one hour to another",
                    right_text="**Where**\n\nThe address, the way there, the map",
                ),
                _section("button", words="I am coming"),
                _section("footnote", text="Tell us if something would make it easier for you to come."),
            ],
        },
    ),
    "letter": Start(
        gettext_lazy("Plain letter"),
        gettext_lazy("Only words, as from one person to another."),
        french={
            "format": Campaign.Format.MARKDOWN,
            "subject": "Quelques mots de notre part",
            "preheader": "Une lettre courte, de nous à vous",
            "body": "Bonjour {{ first_name | à vous }},\n\nÉcrivez comme à une personne que vous connaissez.\n\n"
            "Bien à vous,\n\nVotre nom",
        },
        english={
            "format": Campaign.Format.MARKDOWN,
            "subject": "A few words from us",
            "preheader": "A short letter, from us to you",
            "body": "Hello {{ first_name | to you }},\n\nWrite as to a person whom you know.\n\nYours,\n\nYour name",
        },
    ),
}
