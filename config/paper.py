"""What documents in PDF share: letters that hold every accent, styles, margins, page numbers."""

from html import escape
from pathlib import Path
from typing import Any

import reportlab
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph

_FONTS = Path(reportlab.__file__).parent / "fonts"
for _name, _file in (("Loyal", "Vera.ttf"), ("Loyal-Bold", "VeraBd.ttf")):
    pdfmetrics.registerFont(TTFont(_name, _FONTS / _file))

TEXT = ParagraphStyle("text", fontName="Loyal", fontSize=8.5, leading=11.5, wordWrap="LTR", splitLongWords=True)
BOLD = ParagraphStyle("bold", TEXT, fontName="Loyal-Bold")
TITLE = ParagraphStyle("title", BOLD, fontSize=17, leading=22, spaceAfter=2 * mm)
HEADING = ParagraphStyle("heading", BOLD, fontSize=11.5, leading=15, spaceBefore=6 * mm, spaceAfter=2 * mm)
MARGIN = 18 * mm
WIDTH = A4[0] - 2 * MARGIN


def paragraph(words: str, style: ParagraphStyle = TEXT) -> Paragraph:
    """Words as they are, whatever they hold."""
    return Paragraph(safe(words), style)


def safe(words: str) -> str:
    """Write words for reportlab, to which < and & are markup."""
    # The narrow space of French typography is not in the font; a plain one that breaks no line is.
    return escape(words.replace("\u202f", "\u00a0"))


def number_page(canvas: Any, _document: Any) -> None:
    """Write the page's number at its foot."""
    canvas.setFont("Loyal", 8)
    canvas.drawRightString(A4[0] - MARGIN, 10 * mm, str(canvas.getPageNumber()))
