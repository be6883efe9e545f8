"""Campaigns designed in MJML: clean, inlined, with their slots, a text part, and errors in words."""

import html
import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from campaigns.delivery.compose import compose, render_preview, sample_reader
from campaigns.delivery.mjml import to_design
from campaigns.delivery.plain import from_html
from campaigns.delivery.skeleton import Skeleton
from campaigns.readiness import obstacles
from tests.campaigns.pages import text, written
from tests.factories import make_campaign, make_organisation, make_purpose

DESIGN = """\
<mjml>
  <mj-head>
    <mj-preview>Deux prix en fête</mj-preview>
    <mj-style>.loud { color: #b00020 } @import url(https://spy.example.test/a.css); .foot { display: none }</mj-style>
  </mj-head>
  <mj-body>
    <mj-section>
      <mj-column>
        <mj-text css-class="loud">Bonjour {{ first_name | à vous }} &amp; bienvenue</mj-text>
        <mj-button href="https://boutique.example.test/?a=1&amp;b=2">Voir la boutique</mj-button>
      </mj-column>
      <mj-column>
        <mj-image src="https://boutique.example.test/photo.png" alt="Un jardin" />
        <mj-raw><script>alert(1)</script><p onclick="alert(1)">Brut</p></mj-raw>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
"""


def around(content):
    return f"<mjml><mj-body><mj-section><mj-column>{content}</mj-column></mj-section></mj-body></mjml>"


@pytest.fixture
def designed(db):
    make_organisation(colour="#0a5c36")
    return make_campaign(format="mjml", body=DESIGN)


def test_a_design_is_one_mail_with_its_fields_its_styles_and_the_way_to_stop(designed):
    shown = render_preview(designed, {"first_name": "Zoé <b>"})

    assert "Bonjour Zoé &lt;b&gt; &amp; bienvenue" in shown.html
    assert "color: #b00020" in shown.html or "color:#b00020" in shown.html
    assert ".mj-column-per-50" in shown.html
    assert "https://loyal.example.test/u/" in shown.html
    assert "1 rue des Essais" in shown.html


def test_nothing_acts_and_nothing_is_loaded_but_pictures(designed):
    shown = render_preview(designed).html

    for unwanted in ("<script", "onclick", "@import", "spy.example.test", "fonts.googleapis", "alert(1)"):
        assert unwanted not in shown, unwanted
    assert 'src="https://boutique.example.test/photo.png"' in shown


def test_a_designs_own_styles_cannot_hide_the_way_to_stop(designed):
    foot = render_preview(designed).html.partition('class="foot"')[2]

    assert "https://loyal.example.test/u/" in foot
    assert "display: none" not in foot and "display:none" not in foot
    assert ".foot { display: none }" not in render_preview(designed).html


@pytest.mark.parametrize(
    "style",
    [
        "position:fixed;top:0",
        "position/**/:fixed;top:0",
        "p\\6fsition:fixed;top:0",
        "transform:scale(1);margin-bottom:-900px",
        "-webkit-transform:scale(1);margin-bottom:-900px",
        " OPACITY : 0.99;margin-bottom:-900px",
    ],
)
def test_nothing_is_drawn_over_the_way_to_stop(style):
    shown = to_design(around(f'<mj-raw><div style="color:red;{style}">Dessus</div></mj-raw>')).html

    assert "Dessus" in shown and "color:red" in shown
    assert re.search(r"fixed|scale\(|opacity", shown, re.IGNORECASE) is None


BACKGROUND = """\
<mjml><mj-body>
  <mj-hero background-url="https://boutique.example.test/a.png"><mj-text>Haut</mj-text></mj-hero>
  <mj-section {attributes}background-url="https://boutique.example.test/b.png?a=1&amp;b=2" padding="0">
    <mj-column><mj-text height="20px">Gauche</mj-text><mj-divider/></mj-column>
    <mj-column><mj-spacer height="30px"/><mj-text>{content}Droite</mj-text></mj-column>
  </mj-section>
</mj-body></mjml>
"""


def comments(shown):
    return re.findall(r"<!--.*?-->", shown, re.DOTALL)


def design(**fields):
    return BACKGROUND.format(**{"attributes": "", "content": ""} | fields)


def test_outlook_is_given_the_tables_that_the_engine_lays_out_for_it(designed):
    designed.body = design()
    shown = render_preview(designed)

    said = "".join(comments(shown.html))
    assert said.count("<table") == said.count("</table>") >= 2
    assert "width:300px" in said
    assert "<v:" not in shown.html and ".png" not in shown.html  # pictures behind the text are left out for all
    assert "PixelsPerInch" in said
    assert "v:" not in shown.text and "mso" not in shown.text


def test_a_campaign_in_markdown_has_no_word_for_outlook(designed):
    designed.format, designed.body = "markdown", "Bonjour"

    assert comments(render_preview(designed).html) == []


@pytest.mark.parametrize(
    "content",
    [
        "<!--[if mso]><p>Caché</p><![endif]-->",
        '<!--[if mso | IE]><table style="display:none"><tr><td><![endif]-->',
        '<!<!-- -->--[if mso | IE]><table style="display:none"><tr><td><![endif]-->',
        "<!-- Caché",
    ],
)
def test_comments_that_people_write_are_left_out(content):
    try:
        shown = to_design(design(content=content)).html
    except ValidationError:  # not MJML any more without it
        return

    assert "display:none" not in shown and "Caché" not in shown
    assert "".join(comments(shown)).count("<table") == "".join(comments(shown)).count("</table>")


@pytest.mark.parametrize(
    "attributes",
    [
        """css-class='x"><script>alert(1)</script><b class="' """,
        """css-class='x"><![endif]--><b title="' """,
        """css-class='x" onmouseover="alert(1)' """,
        """css-class='x"></td></tr></table><table style="display:none"><tr><td class="' """,
        """background-color="red;background:url(https://spy.example.test/a.png)" """,
    ],
)
def test_what_people_put_into_the_engines_comments_drops_them(attributes):
    shown = to_design(design(attributes=attributes)).html

    assert comments(shown) == []
    for unwanted in ("<script", "onmouseover", "spy.example.test", "display:none"):
        assert unwanted not in shown


def test_a_comment_moves_no_line_of_an_error():
    with override("en"), pytest.raises(ValidationError, match="line 4"):
        to_design("<mjml><!-- a\nb -->\n<mj-body>\n<mj-section></mj-column></mj-section></mj-body></mjml>")


def test_the_text_part_says_what_the_design_says(designed):
    said = render_preview(designed, {"first_name": "Zoé"}).text

    assert said.startswith("Bonjour Zoé & bienvenue\n\nVoir la boutique (https://boutique.example.test/?a=1&b=2)")
    assert "Un jardin" in said
    assert "Deux prix" not in said
    assert "https://loyal.example.test/u/" in said


def test_slots_are_kept_in_the_bytes_that_leave(designed):
    composition = compose(designed)
    reader = sample_reader(designed, composition, {"first_name": "Élodie"}, "elodie@example.test")

    mail = message_from_bytes(Skeleton(composition).fill(reader, datetime(2026, 11, 24, tzinfo=UTC)), policy=default)

    parts = {part.get_content_type(): part.get_content() for part in mail.iter_parts()}
    assert "Bonjour Élodie &amp; bienvenue" in parts["text/html"]
    assert "Bonjour Élodie & bienvenue" in parts["text/plain"]
    assert html.unescape(reader.words["why"]) in parts["text/plain"]


def test_a_field_without_an_answer_gives_its_stand_in(designed):
    assert "Bonjour à vous &amp;" in render_preview(designed, {"first_name": ""}).html


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<mjml><mj-body><mj-section></mj-body></mjml>", "un élément n’est pas fermé"),
        ("Bonjour", "MJML commence par"),
        ("<mjml><mj-head></mj-head></mjml>", "MJML commence par"),
        ("<mjml><mj-body></mj-body></mjml>", "ne dit rien"),
        (around("<mj-txt>x</mj-txt>"), "mj-txt"),
        (around('<mj-include path="/etc/passwd" />'), "ne peut pas inclure"),
        (around('<mj-button href="https://a.example.test/{{ first_name }}">x</mj-button>'), "first_name"),
        (around("<mj-text>{{ prenom }}</mj-text>"), "prenom"),
    ],
)
def test_what_is_wrong_is_said_in_words_before_it_is_scheduled(db, body, words):
    make_organisation()

    found = obstacles(make_campaign(format="mjml", body=body))

    assert any(words in said for said in found), found


@pytest.mark.parametrize(
    "inside",
    [
        "{opened}{closed}",
        "<mj-text>{opened}{closed}</mj-text>",
        "<mj-raw>{closed}{opened}{closed}</mj-raw>",
        '{opened}<p title="{closed}">{closed}',
        "{opened}<![CDATA[{closed}]]>{closed}",
    ],
)
def test_no_design_is_so_deep_that_the_engine_ends_the_process(inside):
    source = around(inside.format(opened="<div>" * 30_000, closed="</div>" * 30_000))

    with override("en"), pytest.raises(ValidationError, match="inside one another"):
        to_design(source)


def test_many_elements_beside_one_another_are_fine():
    row = """<mj-text>a > b<br>c <img src="https://a.example.test/a.png" alt="1 > 0"></mj-text><mj-spacer />"""

    assert to_design(around(row * 200)).html.count("a.png") == 200


def test_comments_made_by_taking_comments_away_come_to_an_end():
    source = "<!---->"
    for _ in range(1000):
        source = f"<!-{source}---->"

    with override("en"), pytest.raises(ValidationError, match="too many comments"):
        to_design(source)


def test_an_error_names_its_line():
    with override("en"), pytest.raises(ValidationError, match="line 3"):
        to_design("<mjml><mj-body>\n<mj-section>\n<mj-column></mj-text></mj-column></mj-section></mj-body></mjml>")


def test_the_composer_offers_the_choice_and_says_what_is_wrong_in_a_design(workspace):
    page = text(workspace.get("/campaigns/new/"))
    answer = text(workspace.post("/campaigns/new/", written(make_purpose(), format="mjml", body="Bonjour")))
    shown = text(workspace.post("/campaigns/preview/", written(make_purpose(), format="mjml", body="Bonjour")))

    assert "a design, in MJML" in page
    for said in (answer, shown):
        assert "MJML begins with" in said


def test_a_copy_of_a_design_is_a_design(workspace, designed):
    workspace.post(f"/campaigns/{designed.pk}/duplicate/")

    assert set(type(designed).objects.values_list("format", flat=True)) == {"mjml"}


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        ("<p>Un</p><p>Deux<br>trois</p>", "Un\n\nDeux\ntrois"),
        ("<ul><li>a</li><li>b <b>c</b></li></ul>", "- a\n- b c"),
        ('<a href="mailto:a@b.test">a@b.test</a>', "a@b.test"),
        ('<div style="display:none">caché<br><b>ici</b></div>vu', "vu"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n\n3"),
        ("<p>a &lt; b\n   c</p>", "a < b c"),
    ],
)
def test_html_as_plain_text(markup, said):
    assert from_html(markup) == said
