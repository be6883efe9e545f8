"""Markdown, read in a time that grows with its length and no faster."""

import sys

import pytest

from campaigns.delivery import markup
from campaigns.delivery.compose import render_preview
from campaigns.delivery.markup import to_html, to_text
from campaigns.forms import LONGEST_BODY
from campaigns.mail_faults import better, of_links
from tests.campaigns.pages import text, written
from tests.factories import make_campaign, make_purpose

SHAPES = {
    "pictures never ended": "![",
    "links never ended": "[a](b",
    "parentheses": "[a](((((",
    "emphasis": "*a **b _c ",
    "emphasis inside words": "a**b_c*",
    "code never ended": "`a``b",
    "struck out": "~~a ",
    "quotes": "> ",
    "lists": "- a\n",
    "lists within lists": "  - a\n    - b\n",
    "paragraphs": "a\n\n",
    "tags": "<a",
    "definitions": "[a]: b\n",
    "prose": "lorem ipsum **dolor** sit amet\n",
}


def calls_for(shape, length):
    """How many functions reading a text of that length takes, whatever the machine."""
    count = 0

    def counted(_frame, _event, _arg):
        nonlocal count
        count += 1

    markup._parsed.cache_clear()
    source = (shape * length)[:length]
    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        to_html(source)
        to_text(source)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_twice_the_text_takes_twice_the_work(shape):
    assert calls_for(shape, 6_000) < 2.2 * calls_for(shape, 3_000)


def test_a_preview_reads_a_text_once(marketer):
    campaign = make_campaign(body="Bonjour **à tous**, voici [la boutique](https://example.test/).")
    markup._parsed.cache_clear()

    rendered = render_preview(campaign)
    of_links(campaign)
    better(campaign, rendered)

    assert markup._parsed.cache_info().misses <= 2  # with its fields marked, and as it was written


def test_a_text_longer_than_mailboxes_show_is_refused_in_words_and_not_drawn(workspace):
    endless = written(make_purpose(), body="a" * (LONGEST_BODY + 1))
    markup._parsed.cache_clear()

    for page in ("/campaigns/preview/", "/campaigns/new/"):
        assert "longer than 100,000 characters" in text(workspace.post(page, endless))
    assert markup._parsed.cache_info().misses == 0
