"""A campaign made of sections: what is kept, what is missing, how they change places, the mail that they make."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from campaigns.delivery.compose import render_preview
from campaigns.models import Campaign, Illustration
from campaigns.readiness import obstacles
from campaigns.sections import KINDS, blank, changed, check, gaps, read
from consent.pictures import keep_picture
from tests.campaigns.pages import text, written
from tests.factories import make_campaign, make_organisation, make_purpose


def png(colour=(80, 120, 90), size=(1400, 500), name="pre.png"):
    drawn = BytesIO()
    Image.new("RGB", size, colour).save(drawn, "PNG")
    return SimpleUploadedFile(name, drawn.getvalue(), "image/png")


def posted(*sections):
    """Sections as a page sends them."""
    return {
        f"section-{place}-{name}": value for place, section in enumerate(sections) for name, value in section.items()
    }


HEADING = blank("heading") | {"text": "Bonjour"}
TEXT = blank("text") | {"text": "Du **neuf**"}
BUTTON = blank("button") | {"words": "Voir", "link": "https://shop.example.test/"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_blank_section_of_each_kind_may_be_kept(kind):
    check([blank(kind)])


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        "text",
        [1],
        [{"kind": "script"}],
        [{"kind": "text"}],
        [TEXT | {"onclick": "x"}],
        [TEXT | {"text": 3}],
        [TEXT | {"text": "x" * 20_001}],
        [TEXT | {"text": "nul\0"}],
        [HEADING | {"size": "vast"}],
        [blank("image") | {"picture": "https://elsewhere.example.test/p.png"}],
        [TEXT] * 51,
    ],
)
def test_nothing_but_sections_is_kept(wrong):
    with pytest.raises(ValidationError):
        check(wrong)


@pytest.mark.django_db
def test_the_database_keeps_nothing_but_a_list():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_campaign(sections={"kind": "text"})


@given(
    sections=st.lists(st.sampled_from(list(KINDS)).map(blank), max_size=52),
    act=st.one_of(
        st.text(max_size=12),
        st.builds(
            lambda verb, place: f"{verb}:{place}",
            st.sampled_from(["up", "down", "copy", "remove", "add"]),
            st.one_of(st.integers(-2, 60), st.sampled_from(list(KINDS))),
        ),
    ),
)
def test_whatever_a_button_asks_sections_stay_sections_and_none_gets_lost(sections, act):
    sections = sections[:50]

    after, place = changed(sections, act)

    check(after)
    verb = act.partition(":")[0]
    assert len(after) - len(sections) in {"add": {0, 1}, "copy": {0, 1}, "remove": {0, -1}}.get(verb, {0})
    assert -1 <= place < max(len(after), 1)


def test_sections_move_copy_and_go():
    three = [HEADING, TEXT, BUTTON]

    assert changed(three, "up:2") == ([HEADING, BUTTON, TEXT], 1)
    assert changed(three, "down:0") == ([TEXT, HEADING, BUTTON], 1)
    assert changed(three, "up:0") == (three, 0)
    assert changed(three, "copy:1") == ([HEADING, TEXT, TEXT, BUTTON], 2)
    assert changed(three, "remove:2") == ([HEADING, TEXT], 1)
    assert changed(three, "add:divider") == ([*three, blank("divider")], 3)


def test_a_page_is_read_as_it_was_written():
    assert read(posted(HEADING, TEXT, BUTTON)) == [HEADING, TEXT, BUTTON]
    assert read(posted({"kind": "script", "text": "x"}, TEXT)) == [TEXT]
    assert read(posted(HEADING | {"size": "vast"})) == [HEADING]


def test_what_is_missing_is_named_by_its_place():
    said = list(gaps([TEXT, blank("image"), blank("columns") | {"left_picture": "0" * 64}]))

    assert any("Section 2" in gap and "Picture" in gap for gap in said) or any("Image" in gap for gap in said)
    assert len([gap for gap in said if "2" in gap.split("(")[0]]) == 2
    assert list(gaps([HEADING, TEXT, BUTTON, blank("divider")])) == []


@pytest.mark.django_db
def test_sections_become_a_mail_that_every_reader_can_open():
    make_organisation(colour="#1f4b99")
    sections = [
        HEADING | {"text": "L’été <chez> vous, {{ first_name | l'ami }}"},
        TEXT | {"text": "Bonjour {{ first_name | <à vous> }}\n\n- un [lien](https://shop.example.test/?a=1&b=2)"},
        BUTTON | {"words": 'Voir l\'offre & "plus"'},
        blank("columns") | {"left_text": "À gauche", "right_text": "À droite"},
        blank("divider"),
        blank("spacer"),
        blank("footnote") | {"text": "Petit"},
    ]
    campaign = make_campaign(format="sections", sections=sections, body="", preheader="Vite, {{ first_name }}")
    campaign.full_clean()

    rendered = render_preview(campaign)

    for words in ("L’été &lt;chez&gt; vous, Camille", "Bonjour Camille", "À gauche", "À droite", "Petit"):
        assert words in rendered.html
    assert 'href="https://shop.example.test/?a=1&amp;b=2"' in rendered.html
    assert rendered.html.index("Vite, Camille") < rendered.html.index("L’été")
    assert "Vite" not in rendered.text
    assert "L’été <chez> vous, Camille" in rendered.text
    assert 'Voir l\'offre & "plus" (https://shop.example.test/)' in rendered.text
    assert 'lang="fr"' in rendered.html


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["sections", "markdown"])
def test_a_mail_bears_the_logo_and_the_name_where_no_picture_is_shown(format):
    logo = keep_picture(png(size=(400, 100)), max_width=480)
    make_organisation(logo=logo, sender_name="L'Atelier")
    campaign = make_campaign(format=format, sections=[HEADING])

    shown = render_preview(campaign).html

    assert f'src="{logo.address}"' in shown and "Atelier" in shown
    assert obstacles(campaign) == []


@pytest.mark.django_db
def test_columns_stand_side_by_side_in_outlook_too():
    make_organisation()
    columns = blank("columns") | {"left_text": "À gauche", "right_text": "À droite"}

    html = render_preview(make_campaign(format="sections", sections=[columns], body="")).html

    assert html.count("<!--[if ") == html.count("<![endif]-->")
    assert html.count("<!--[if mso | IE]>") > 4


@pytest.mark.django_db
def test_a_reader_without_a_name_reads_what_stands_in_for_it():
    make_organisation()
    campaign = make_campaign(format="sections", sections=[HEADING | {"text": "{{ first_name | l'ami }}"}], body="")

    assert "l&#x27;ami" in render_preview(campaign, {"first_name": ""}).html


@pytest.mark.django_db
def test_what_is_missing_in_sections_keeps_a_campaign_from_leaving():
    make_organisation()
    ready = make_campaign(format="sections", sections=[HEADING, TEXT, BUTTON], body="")
    unfinished = make_campaign(format="sections", sections=[blank("image"), TEXT | {"text": "{{ prenom }}"}], body="")

    assert obstacles(ready) == []
    said = " ".join(obstacles(unfinished))
    assert "Section 1" in said
    assert "prenom" in said


def test_a_campaign_of_sections_is_written_and_saved(workspace):
    data = written(make_purpose(), format="sections", body="", **posted(HEADING, TEXT, BUTTON))

    workspace.post("/campaigns/new/", data)

    campaign = Campaign.objects.get()
    assert campaign.sections == [HEADING, TEXT, BUTTON]
    assert "Du" in text(workspace.get(f"/campaigns/{campaign.pk}/edit/"))


def test_a_button_of_the_sections_works_without_a_script_and_saves_nothing(workspace):
    data = written(make_purpose(), format="sections", body="", act="up:1", **posted(HEADING, TEXT))

    response = workspace.post("/campaigns/new/", data)

    page = response.content.decode()
    assert page.index("Du **neuf**") < page.index('value="Bonjour"')
    assert not Campaign.objects.exists()


def test_the_sections_alone_come_back_to_a_page_that_asks_by_script(workspace):
    response = workspace.post("/campaigns/sections/", posted(TEXT) | {"act": "add:button"})

    assert response["HX-Trigger-After-Settle"] == "rearranged"
    assert 'name="section-1-words"' in response.content.decode()
    assert "<html" not in response.content.decode()
    assert response.content.decode().count("autofocus") == 1


def test_a_picture_is_brought_made_smaller_and_offered_to_all(workspace, marketer):
    image = blank("image") | {"alternative": "Un pré"}
    data = written(
        make_purpose(),
        format="sections",
        body="",
        **posted(image),
        **{"section-0-picture-file": png(name="Le pré.png")},
    )

    workspace.post("/campaigns/new/", data)

    kept = Illustration.objects.get()
    assert (kept.name, kept.added_by, kept.picture.width) == ("Le pré", marketer, 1200)
    campaign = Campaign.objects.get()
    assert campaign.sections[0]["picture"] == kept.picture_id
    html = render_preview(campaign).html
    assert kept.picture.address in html
    assert 'alt="Un pré"' in html
    assert kept.picture.get_absolute_url() in text(workspace.get("/campaigns/new/?start=newsletter"))


def test_a_file_that_is_no_picture_is_refused_and_nothing_else_is_lost(workspace):
    svg = SimpleUploadedFile("x.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png")
    data = written(make_purpose(), format="sections", body="", **posted(blank("image"), TEXT))

    response = workspace.post("/campaigns/new/", data | {"section-0-picture-file": svg})

    assert "This is no picture" in text(response)
    assert "Du **neuf**" in text(response)
    assert not Campaign.objects.exists()


def test_the_library_takes_pictures_in_and_out(workspace):
    workspace.post("/campaigns/pictures/", {"picture": png()})
    kept = Illustration.objects.get()
    assert "pre" in text(workspace.get("/campaigns/pictures/"))

    workspace.post(f"/campaigns/pictures/{kept.picture_id}/remove/")

    assert not Illustration.objects.exists()
    assert workspace.get(kept.picture.get_absolute_url()).status_code == 200


def test_the_library_says_what_it_does_not_take(workspace):
    response = workspace.post("/campaigns/pictures/", {"picture": SimpleUploadedFile("x.png", b"nothing")})

    assert "This is no picture" in text(response)
