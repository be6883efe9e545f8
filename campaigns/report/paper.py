"""A report as PDF: text that can be read aloud and searched, with its title and language."""

import io
from html import escape
from pathlib import Path
from typing import Any

import reportlab
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, TableStyle
from reportlab.platypus import Table as Grid

from campaigns.paris_time import PARIS
from campaigns.report.content import Report, Row, Table, in_words

_FONTS = Path(reportlab.__file__).parent / "fonts"
for _name, _file in (("Loyal", "Vera.ttf"), ("Loyal-Bold", "VeraBd.ttf")):
    pdfmetrics.registerFont(TTFont(_name, _FONTS / _file))

_TEXT = ParagraphStyle("text", fontName="Loyal", fontSize=8.5, leading=11.5, wordWrap="LTR", splitLongWords=True)
_BOLD = ParagraphStyle("bold", _TEXT, fontName="Loyal-Bold")
_TITLE = ParagraphStyle("title", _BOLD, fontSize=17, leading=22, spaceAfter=2 * mm)
_HEADING = ParagraphStyle("heading", _BOLD, fontSize=11.5, leading=15, spaceBefore=6 * mm, spaceAfter=2 * mm)
_LINES = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.HexColor("#495057")),
        ("LINEBELOW", (0, 1), (-1, -1), 0.3, colors.HexColor("#ced4da")),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
)
_MARGIN = 18 * mm
_WIDTH = A4[0] - 2 * _MARGIN


def as_pdf(report: Report, *, organisation: str) -> bytes:
    """Draw a report on A4, page numbers at its feet."""
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        title=report.title,
        author=organisation,
        lang=get_language() or "fr",
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
    )
    made_at = report.made_at.astimezone(PARIS)
    made = _("%(organisation)s. Made on %(day)s at %(time)s (Paris). It holds no personal data.") % {
        "organisation": organisation,
        "day": date_format(made_at, "j F Y"),
        "time": date_format(made_at, "H:i"),
    }
    story: list[Any] = [_paragraph(report.title, _TITLE), _paragraph(made, _TEXT)]
    for table in report.tables:
        story += [_paragraph(table.title, _HEADING), _grid(table) if table.rows else _paragraph(table.if_empty, _TEXT)]
    story.append(Spacer(0, 1))
    document.build(story, onFirstPage=_number, onLaterPages=_number)
    return buffer.getvalue()


def _grid(table: Table) -> Grid:
    columns = len(table.headings)
    first = 0.5 if columns == 2 else 0.42 if columns == 3 else 0.3
    widths = [_WIDTH * first] + [_WIDTH * (1 - first) / (columns - 1)] * (columns - 1)
    rows = [_cells(table.headings, _BOLD), *(_cells(row, _TEXT) for row in table.rows)]
    return Grid(rows, colWidths=widths, repeatRows=1, style=_LINES)


def _cells(row: Row, style: ParagraphStyle) -> list[Paragraph]:
    return [_paragraph(in_words(cell), style) for cell in row]


def _paragraph(words: str, style: ParagraphStyle) -> Paragraph:
    # The narrow space of French typography is not in the font; a plain one that breaks no line is.
    return Paragraph(escape(words.replace("\u202f", "\u00a0")), style)


def _number(canvas: Any, _document: Any) -> None:
    canvas.setFont("Loyal", 8)
    canvas.drawRightString(A4[0] - _MARGIN, 10 * mm, str(canvas.getPageNumber()))
