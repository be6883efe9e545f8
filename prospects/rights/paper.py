"""The record of one person as a PDF to be read: text that can be searched and read aloud, in a language it names."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import IO, Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph, SimpleDocTemplate

from config.paper import HEADING, MARGIN, TEXT, TITLE, number_page, paragraph, safe
from consent.models import Organisation
from prospects.rights.information import information
from prospects.rights.record import Column, Section, Subject, rows_of

# Paper is for reading: beyond so many lines of one kind, the other files hold the rest, and the paper says so.
MOST_LINES = 200
_LONGEST = 4_000
_LINE = ParagraphStyle("line", TEXT, spaceAfter=5)
_SECTION = ParagraphStyle("section", HEADING, keepWithNext=1)


def write_paper(file: IO[bytes], sections: Sequence[Section], subject: Subject) -> None:
    """Draw what is known of somebody, in the language in force."""
    organisation = Organisation.objects.current()
    title = _("Your data at %(organisation)s") % {"organisation": organisation.name}
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        title=title,
        author=organisation.name,
        lang=get_language() or "fr",
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
    )
    made = _("Made on %(day)s, as you asked (GDPR, article 15).") % {"day": _shown(timezone.now())}
    story: list[Any] = [paragraph(title, TITLE), paragraph(made)]
    for chapter in information():
        story += [paragraph(chapter.title, _SECTION), *(paragraph(words, _LINE) for words in chapter.paragraphs)]
    for section in sections:
        story += [paragraph(str(section.title), _SECTION), *_lines(section, subject)]
    document.build(story, onFirstPage=number_page, onLaterPages=number_page)


def _lines(section: Section, subject: Subject) -> Iterator[Paragraph]:
    """One paragraph a row: each heading with what it says; what is empty is left out."""
    rows = list(islice(rows_of(section, subject, given=False), MOST_LINES + 1))
    for row in rows[:MOST_LINES]:
        said = ((column, _words(column, value)) for column, value in zip(section.columns, row, strict=True))
        parts = [
            f"<b>{safe(capfirst(str(column.heading)))}{safe(_(': '))}</b>{safe(words)}"
            for column, words in said
            if words
        ]
        yield Paragraph("<br/>".join(parts), _LINE)
    if not rows:
        yield paragraph(_("Nothing."))
    elif len(rows) > MOST_LINES:
        yield paragraph(_("There is more of it: see csv/%(name)s.csv.") % {"name": section.key})


def _words(column: Column, value: Any) -> str:
    if value is None or value == "" or value in ("{}", "[]"):
        return ""
    if isinstance(value, datetime | date) and not column.words:
        return _shown(value)
    text = str(column.words.get(str(value), value))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def _shown(value: datetime | date) -> str:
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    return date_format(value, "DATE_FORMAT")
