"""The rulebooks as Markdown tables, for people who read the law rather than run it."""

from collections.abc import Iterable, Iterator
from datetime import date

from consent.law import rulebooks
from consent.law.days import ONE_DAY
from consent.law.hours import CALL_HOURS, TEXT_HOURS, Hours
from consent.law.rulebooks import REFUSALS, RULES, WARNINGS, Refusal, Rule
from consent.law.texts import CHANNELS, COLUMNS, LABELS, REQUIREMENTS, RULEBOOKS, WEEKDAYS, long_date
from consent.law.words import Channel, Column, Ground, Reason, Rulebook, Text

NOTHING = "–"


def matrix(rulebook: Rulebook, day: date, language: str) -> str:
    """Return what each channel requires towards each kind of recipient on that day, with the texts that say so."""

    def say(text: Text) -> str:
        return text.in_language(language)

    notes: dict[str, int] = {}
    body = []
    for channel in Channel:
        rules = [rulebooks.rule_in_force(rulebook, channel, column, day) for column in Column]
        cells = [_cell(rule, notes, language) for rule in rules]
        body.append([say(CHANNELS[channel]), *cells])
    head = [say(Text("canal", "channel")), *(say(COLUMNS[column]) for column in Column)]
    sources = "\n".join(f"{number}. {source}" for source, number in notes.items())
    legend = say(
        Text(
            "Le consentement suffit dans chaque case. La colonne « client » vaut pour quiconque a acheté.",
            "Consent is enough in every cell. The customer column is for anybody who bought.",
        )
    )
    return f"{_table(head, body)}\n\n{legend}\n\n{sources}"


def _cell(rule: Rule, notes: dict[str, int], language: str) -> str:
    accepted = ", ".join(REQUIREMENTS[requirement].in_language(language) for requirement in rule.accepts)
    cited = sorted(notes.setdefault(source, len(notes) + 1) for source in rule.sources)
    return f"{accepted or NOTHING} [{', '.join(map(str, cited))}]"


def refusal_table(rulebook: Rulebook, language: str) -> str:
    """Return the refusals in order of precedence, with the texts that say so."""
    known = rulebooks.refusals(rulebook)
    rows = [
        [f"`{reason}`", LABELS[reason].in_language(language), _sources(known.get(reason), language)]
        for reason in Reason
        if reason in known or reason in LACKING
    ]
    head = Text("motif|sens|textes", "reason|meaning|texts").in_language(language)
    return _table(head.split("|"), rows)


# What a cell lacks, by the texts of the cell.
LACKING = frozenset(Reason) - {refusal.reason for refusal in REFUSALS}


def _sources(refusal: Refusal | None, language: str) -> str:
    if refusal is None:
        return Text("ceux de la case", "those of the cell").in_language(language)
    return "; ".join(refusal.sources)


def bounds_list(language: str) -> str:
    """Return the hours and the other numbers of the law."""
    numbers = [
        Text(
            f"Conservation : {rulebooks.RETENTION_YEARS} ans depuis le dernier signe de la personne.",
            f"Retention: {rulebooks.RETENTION_YEARS} years since the latest sign of the person.",
        ),
        Text(
            f"Client : transaction de moins de {rulebooks.CUSTOMER_YEARS} ans.",
            f"Customer: a transaction less than {rulebooks.CUSTOMER_YEARS} years old.",
        ),
        Text(
            f"Consentement aux appels : moins de {rulebooks.PHONE_CONSENT_DAYS} jours.",
            f"Phone consent: less than {rulebooks.PHONE_CONSENT_DAYS} days old.",
        ),
        Text(
            f"Rappel après une demande d'information : {rulebooks.CALL_BACK_WORKING_DAYS} jours ouvrés.",
            f"Call back after a request for information: {rulebooks.CALL_BACK_WORKING_DAYS} working days.",
        ),
        Text(
            f"Appels aux particuliers : {rulebooks.MOST_CALLS} au plus en 30 jours, {_hours(CALL_HOURS).fr}.",
            f"Calls to individuals: {rulebooks.MOST_CALLS} at most in 30 days, {_hours(CALL_HOURS).en}.",
        ),
        Text(f"SMS et MMS : {_hours(TEXT_HOURS).fr}.", f"SMS and MMS: {_hours(TEXT_HOURS).en}."),
        Text(
            "Jamais un jour férié national, à l'heure du lieu où se trouve la personne.",
            "Never on a national public holiday, in the time zone of the person.",
        ),
        Text(
            f"Mineurs : pas avant {rulebooks.MAJORITY_FOR_DATA} ans.",
            f"Minors: not before the age of {rulebooks.MAJORITY_FOR_DATA}.",
        ),
        Text(
            f"Secteurs interdits : {', '.join(sorted(rulebooks.BANNED_SECTORS))}.",
            f"Banned sectors: {', '.join(sorted(rulebooks.BANNED_SECTORS))}.",
        ),
    ]
    return "\n".join(f"- {number.in_language(language)}" for number in numbers)


def _hours(hours: Hours) -> Text:
    first, last = min(hours.weekdays), max(hours.weekdays)
    spans = [f"{start:%H:%M}–{end:%H:%M}" for start, end in hours.spans]
    return Text(
        f"du {WEEKDAYS.fr.split()[first]} au {WEEKDAYS.fr.split()[last]}, {' et '.join(spans)}",
        f"{WEEKDAYS.en.split()[first]} to {WEEKDAYS.en.split()[last]}, {' and '.join(spans)}",
    )


def page(rulebook: Rulebook, day: date, language: str) -> str:
    """Return the whole of a rulebook as it stands on one day."""
    title = Text(
        f"Règles « {rulebook} » ({RULEBOOKS[rulebook].fr}) le {long_date(day).fr}",
        f"Rulebook “{rulebook}” ({RULEBOOKS[rulebook].en}) on {long_date(day).en}",
    )
    parts = [f"# {title.in_language(language)}", *_warning(rulebook, language), matrix(rulebook, day, language)]
    parts += [_heading(REFUSALS_IN_ORDER, language), refusal_table(rulebook, language)]
    if rulebook is Rulebook.LAW:
        parts += [_heading(BOUNDS, language), bounds_list(language)]
    return "\n\n".join(parts) + "\n"


def document() -> str:
    """Return docs/rulebook.md: both rulebooks, over all the periods that their rows make."""
    parts = [
        "# The rulebooks",
        "Made from `consent/law/` by `manage.py rulebook --document > docs/rulebook.md`; a test checks it.",
    ]
    for rulebook in Rulebook:
        parts += [f"## {RULEBOOKS[rulebook].en[:1].upper()}{RULEBOOKS[rulebook].en[1:]} (`{rulebook}`)"]
        parts += _warning(rulebook, "en")
        for first_day in periods(rulebook):
            since = f"Since {long_date(first_day).en}" if first_day > date.min else "From the beginning"
            parts += [f"### {since}", matrix(rulebook, first_day, "en")]
        parts += [f"### {REFUSALS_IN_ORDER.en}", refusal_table(rulebook, "en")]
    grounds = [[f"`{ground}`", LABELS[ground].fr, LABELS[ground].en] for ground in Ground]
    parts += ["## Grounds, in the order in which they are reported", _table(["ground", "French", "English"], grounds)]
    parts += [f"## {BOUNDS.en}", bounds_list("en")]
    return "\n\n".join(parts) + "\n"


REFUSALS_IN_ORDER = Text("Refus, par ordre de priorité", "Refusals, in order of precedence")
BOUNDS = Text("Durées et heures", "Durations and hours")


def periods(rulebook: Rulebook) -> list[date]:
    """Return the first day of each period during which the same rows are in force."""
    rules = [rule for rule in RULES if rule.rulebook == rulebook]
    begins = {rule.first_day for rule in rules if rule.first_day}
    return sorted({date.min, *begins, *(rule.last_day + ONE_DAY for rule in rules if rule.last_day)})


def _warning(rulebook: Rulebook, language: str) -> Iterator[str]:
    if rulebook in WARNINGS:
        yield f"**{WARNINGS[rulebook].in_language(language)}**"


def _heading(text: Text, language: str) -> str:
    return f"## {text.in_language(language)}"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Lay out a Markdown table whose columns are aligned, to be read as it is as well."""
    lines = [list(head), *map(list, rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    padded = [
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))} |" for line in lines
    ]
    ruler = f"|{'|'.join('-' * (width + 2) for width in widths)}|"
    return "\n".join([padded[0], ruler, *padded[1:]])
