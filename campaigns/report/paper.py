"""A report as PDF: text that can be read aloud and searched, with its title and language."""

import io
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, TableStyle
from reportlab.platypus import Table as Grid

from campaigns.paris_time import PARIS
from campaigns.report.content import Report, Row, Table, in_words
from config.paper import BOLD, HEADING, MARGIN, TEXT, TITLE, WIDTH, number_page, paragraph

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


def as_pdf(report: Report, *, organisation: str) -> bytes:
    """Draw a report on A4, page numbers at its feet."""
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        title=report.title,
        author=organisation,
        lang=get_language() or "fr",
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
    )
    made_at = report.made_at.astimezone(PARIS)
    made = _("%(organisation)s. Made on %(day)s at %(time)s (Paris). It holds no personal data.") % {
        "organisation": organisation,
        "day": date_format(made_at, "j F Y"),
        "time": date_format(made_at, "H:i"),
    }
    story: list[Any] = [paragraph(report.title, TITLE), paragraph(made, TEXT)]
    for table in report.tables:
        story += [paragraph(table.title, HEADING), _grid(table) if table.rows else paragraph(table.if_empty, TEXT)]
    story.append(Spacer(0, 1))
    document.build(story, onFirstPage=number_page, onLaterPages=number_page)
    return buffer.getvalue()


def _grid(table: Table) -> Grid:
    columns = len(table.headings)
    first = 0.5 if columns == 2 else 0.42 if columns == 3 else 0.3
    widths = [WIDTH * first] + [WIDTH * (1 - first) / (columns - 1)] * (columns - 1)
    rows = [_cells(table.headings, BOLD), *(_cells(row, TEXT) for row in table.rows)]
    return Grid(rows, colWidths=widths, repeatRows=1, style=_LINES)


def _cells(row: Row, style: ParagraphStyle) -> list[Paragraph]:
    return [paragraph(in_words(cell), style) for cell in row]
