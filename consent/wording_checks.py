"""What the law wants said before a notice is used or a form opened: a list of checks, green or red, with what to write.

Pure functions: they read no database, clock or settings. A check that a regular expression makes on prose recognises
what is usually written; what decides about somebody, the five mentions for calls, is declared field by field.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.law.rulebooks import Rule
from consent.law.words import Requirement
from consent.mentions import CALLS, FIVE, MOST_DAYS, PERIOD, SOURCE, periods_in
from consent.models import Box, Notice, SignupForm
from consent.vocabulary import MEDIUM_OF, Channel, Language

RuleOf = Callable[[str], Rule]


def _gdpr(article: str) -> Promise:
    return format_lazy("{} {}", gettext_lazy("GDPR art."), article)


@dataclass(frozen=True)
class Check:
    """One thing looked at. `fault` says what is wrong; an error forbids publishing or opening, a warning does not."""

    title: str
    source: str | Promise
    is_met: bool
    fault: str = ""
    mend: str = ""
    is_warning: bool = False

    @property
    def forbids(self) -> bool:
        return not self.is_met and not self.is_warning

    @property
    def state(self) -> str:
        return "green" if self.is_met else "amber" if self.is_warning else "red"


@dataclass(frozen=True)
class _Statement:
    """Something that a notice says, the words by which it is recognised, and words to write."""

    what: str | Promise
    source: str | Promise
    french: str
    english: str
    write_french: str
    write_english: str
    is_warning: bool = False

    def is_in(self, text: str, language: str) -> bool:
        words = self.english if language == Language.ENGLISH else self.french
        return re.search(rf"\b(?:{words})", text, re.IGNORECASE) is not None


_ALWAYS = (
    _Statement(
        gettext_lazy("why details are collected"),
        _gdpr("13(1)(c)"),
        r"pour\b|afin\b|finalité|offre|lettre|nouveauté|prospection|pourquoi",
        r"for\b|to send|purpose|offer|newsletter|news\b|why",
        "Nous les gardons pour vous envoyer [ce que vous demandez].",
        "We keep them to send you [what you ask for].",
        is_warning=True,
    ),
    _Statement(
        gettext_lazy("who receives them"),
        _gdpr("13(1)(e)"),
        r"destinataire|transm|communiqu|partag|céd|reçoi|service|prestataire|personne d.autre",
        r"recipient|share|pass|disclos|hand|receive|nobody else|department|processor",
        "Seul notre service clients les reçoit ; elles ne sont cédées à personne.",
        "Only our customer service receives them; they are passed on to nobody.",
        is_warning=True,
    ),
    _Statement(
        gettext_lazy("how long details are kept"),
        _gdpr("13(2)(a)"),
        r"(?:ans?|années?|mois|jours?)\b",
        r"(?:years?|months?|days?)\b",
        "Nous les gardons trois ans après votre dernier contact.",
        "We keep them for three years after your last contact.",
    ),
    _Statement(
        gettext_lazy("the person's rights"),
        _gdpr("13(2)(b)"),
        r"droits?\b",
        r"rights?\b",
        "Vos droits : accès, rectification, effacement, limitation, opposition, portabilité.",
        "Your rights: access, rectification, erasure, restriction, objection, portability.",
    ),
    _Statement(
        gettext_lazy("how to stop"),
        gettext_lazy("CPCE art. L34-5, GDPR art. 21(4)"),
        r"désinscri|désabonn|ne plus recevoir|arrêter|mettre fin|vous opposer|opposition|refuser|STOP\b",
        r"unsubscrib|stop|object|opt out",
        "Vous pouvez vous y opposer à tout moment, sans frais, par le lien de chaque message ou en nous écrivant.",
        "You can object at any time, free of charge, by the link in each message or by writing to us.",
    ),
    _Statement(
        gettext_lazy("that a complaint to the CNIL is possible"),
        _gdpr("13(2)(d)"),
        r"CNIL\b",
        r"CNIL\b",
        "Vous pouvez adresser une réclamation à la CNIL.",
        "You can complain to the CNIL, the French authority.",
    ),
    _Statement(
        gettext_lazy("what applies under the age of fifteen"),
        "loi Informatique et Libertés art. 45",
        r"(?:15|quinze) ans",
        r"(?:15|fifteen)\b",
        "Si vous avez moins de quinze ans, l’accord de vos parents est nécessaire avec le vôtre.",
        "If you are under fifteen, your parents must agree with you.",
        is_warning=True,
    ),
)
_FOR_CONSENT = _Statement(
    gettext_lazy("that a consent can be withdrawn"),
    _gdpr("7(3)"),
    r"retirer|retrait|révoquer|révocable",
    r"withdr|revok",
    "Vous pouvez retirer votre accord à tout moment, aussi simplement que vous l’avez donné.",
    "You can withdraw your consent at any time, as easily as you gave it.",
)
_ENGLISH_FIELDS = {
    "title": gettext_lazy("title in English"),
    "introduction": gettext_lazy("introduction in English"),
    "resource_title": gettext_lazy("title in English of what the form gives"),
    "resource_text": gettext_lazy("text in English of what the form gives"),
}
# Words by which a text makes what a form gives hang on a tick.
_CONDITION = re.compile(
    r"coche[zr]\b|à condition|si vous acceptez|en échange de|obligatoire|\btick\b|provided that|if you agree|"
    r"in exchange|mandatory|required",
    re.IGNORECASE,
)


def checks_of_notice(notice: Notice, boxes: list[Box], *, organisation: str, rule_of: RuleOf) -> Iterator[Check]:
    """Look at a notice and its boxes under the rules that `rule_of` gives for each channel."""
    yield Check(
        _("The organisation has a name"),
        _gdpr("13(1)(a)"),
        bool(organisation),
        _("Nobody knows who speaks: fill in the organisation first."),
    )
    asks_consent = any(box.kind == Box.Kind.OPT_IN for box in boxes)
    for language in Language:
        yield from _checks_of_text(
            getattr(notice, f"information_{language}"), language, organisation, asks_consent=asks_consent
        )
    for box in boxes:
        yield from _checks_of_box(box, notice, rule_of)


def checks_of_form(form: SignupForm, boxes: list[Box], *, rule_of: RuleOf) -> Iterator[Check]:
    """Look at a form, with the boxes of its notice, as it would be shown under those rules."""
    yield Check(
        _("Its notice is published"),
        _gdpr("7(1)"),
        form.notice.published_at is not None,
        _("Publish this notice first: people must see wording that stays."),
    )
    for box in boxes:
        yield from _checks_of_shown(box, form, rule_of)
    if form.asks_phone:
        yield Check(_("Loyal shows the law's text on calls beside the phone field"), "L223-2", True)
    yield Check(
        _("What the form gives is given to everybody, ticked or not"),
        _("GDPR art. 7(4), Consumer Code art. L121-11"),
        *_unconditional(form),
    )
    yield Check(
        _("There is something to say yes or no to"),
        _gdpr("4(11)"),
        bool(boxes),
        _("The notice has no box: nobody can agree to anything here."),
        is_warning=True,
    )
    for field in _ENGLISH_FIELDS:
        french, english = getattr(form, f"{field}_fr"), getattr(form, f"{field}_en")
        if french.strip():
            name = capfirst(str(_ENGLISH_FIELDS[field]))
            yield Check(
                name,
                _("readers of English"),
                bool(english.strip()),
                _("%(field)s is empty: readers of English will see the French.") % {"field": name},
                is_warning=True,
            )


def errors_of(checks: Iterable[Check]) -> list[str]:
    """Return what forbids publishing or opening, one sentence each."""
    return [check.fault for check in checks if check.forbids]


def _checks_of_text(text: str, language: Language, organisation: str, *, asks_consent: bool) -> Iterator[Check]:
    told = {"language": language.label}
    yield Check(
        _("There is a notice (%(language)s)") % told,
        _gdpr("12(1)"),
        bool(text.strip()),
        _("The notice is empty in this language: %(language)s.") % told,
    )
    if not text.strip():
        return
    if organisation:
        yield Check(
            _("It says who you are (%(language)s)") % told,
            _gdpr("13(1)(a)"),
            organisation.casefold() in text.casefold(),
            _("The notice does not say who you are (%(name)s) in this language: %(language)s.")
            % {"name": organisation, **told},
            organisation,
        )
    for statement in (*_ALWAYS, *([_FOR_CONSENT] if asks_consent else [])):
        yield Check(
            _("It says %(what)s (%(language)s)") % {"what": statement.what, **told},
            statement.source,
            statement.is_in(text, language),
            _("The notice does not say %(what)s in this language: %(language)s.") % {"what": statement.what, **told},
            statement.write_english if language == Language.ENGLISH else statement.write_french,
            statement.is_warning,
        )


def _checks_of_box(box: Box, notice: Notice, rule_of: RuleOf) -> Iterator[Check]:
    channel = capfirst(str(box.get_channel_display()))
    for language in Language:
        told = {"channel": channel, "language": language.label}
        label = getattr(box, f"label_{language}")
        yield Check(
            _("%(channel)s: the box has a label (%(language)s)") % told,
            _gdpr("7(2)"),
            bool(label.strip()),
            _("A box has no label in this language: %(language)s.") % told,
        )
        if partner := box.purpose.partner:
            yield Check(
                _("%(channel)s: the box or the notice names the partner (%(language)s)") % told,
                _("GDPR art. 4(11), CNIL 28/12/2018"),
                partner.casefold() in (label + getattr(notice, f"information_{language}")).casefold(),
                _("Neither the box nor the notice names the partner (%(partner)s) in this language: %(language)s.")
                % {"partner": partner, **told},
                partner,
            )
        if box.kind == Box.Kind.OPT_IN and box.channel in CALLS:
            yield from _checks_of_mentions(box, language)
    if box.kind == Box.Kind.OPT_OUT:
        yield _opt_out(box, rule_of(box.channel))


def _checks_of_mentions(box: Box, language: Language) -> Iterator[Check]:
    told = {"channel": capfirst(str(box.get_channel_display())), "language": language.label}
    for mention in FIVE:
        text = getattr(box, f"{mention.field}_{language}")
        said = told | {"what": mention.title}
        yield Check(
            _("%(channel)s: it says %(what)s (%(language)s)") % said,
            SOURCE,
            bool(text.strip()),
            _("%(channel)s: the box does not say %(what)s in this language: %(language)s (R223-1).") % said,
            mention.suggestion(language),
        )
        if mention is PERIOD and text.strip():
            periods = periods_in(text)
            yield Check(
                _("%(channel)s: the period is a year at most (%(language)s)") % told,
                SOURCE,
                bool(periods) and max(periods) <= MOST_DAYS,
                _("%(channel)s: say a period of one year at most, such as “one year” (%(language)s, R223-1).") % told,
                mention.suggestion(language),
            )


def _checks_of_shown(box: Box, form: SignupForm, rule_of: RuleOf) -> Iterator[Check]:
    medium = MEDIUM_OF[Channel(box.channel)]
    told = {"channel": box.get_channel_display(), "medium": medium.label}
    yield Check(
        _("It asks for the %(medium)s, which the box “%(channel)s” is about") % told,
        _gdpr("5(1)(c)"),
        form.asks_for(medium),
        _("The notice has a box about “%(channel)s”: the form must ask for the %(medium)s too.") % told,
    )
    if box.kind == Box.Kind.OPT_OUT:
        rule = rule_of(box.channel)
        yield Check(
            _("“%(channel)s”: a box “I do not want …” is enough") % told,
            ", ".join(rule.sources),
            Requirement.INFORMATION in rule.accepts,
            _("“%(channel)s” needs a yes today: a box “I do not want …” is not enough. Publish a new version.") % told,
        )
    if box.kind == Box.Kind.OPT_IN and box.channel in CALLS:
        yield Check(
            _("“%(channel)s”: the five mentions are shown beside the box") % told,
            SOURCE,
            all(box.carries_call_mentions(language) for language in Language),
            _(
                "“%(channel)s”: its notice lacks one of the five mentions, so that no yes given here would count. "
                "Publish a new version."
            )
            % told,
        )


def _opt_out(box: Box, rule: Rule) -> Check:
    told = {"channel": capfirst(str(box.get_channel_display())), "sources": ", ".join(rule.sources)}
    return Check(
        _("%(channel)s: a box “I do not want …” is enough") % told,
        ", ".join(rule.sources),
        Requirement.INFORMATION in rule.accepts,
        _("%(channel)s: the law in force asks for a yes; “I do not want …” is not enough (%(sources)s).") % told,
    )


def _unconditional(form: SignupForm) -> tuple[bool, str, str, bool]:
    """Whether no text makes the gift hang on a tick. Loyal gives it anyway; the text would deceive."""
    texts = (form.introduction_fr, form.introduction_en, form.resource_text_fr, form.resource_text_en)
    found = next((match.group() for text in texts if (match := _CONDITION.search(text))), "")
    return (
        not found,
        _("“%(words)s”: a text seems to make what the form gives depend on a box.") % {"words": found},
        _("Say that it is given in any case."),
        True,
    )
