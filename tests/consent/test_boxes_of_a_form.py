"""A box is never ticked, never required, whoever asks for it; what staff write draws none."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from consent.forms import ConsentBoxField, ConsentBoxInput
from consent.markdown import layers, to_html
from consent.models import Box, Notice, SignupForm
from tests.factories import make_form, make_notice


class TwoBoxes(forms.Form):
    news = ConsentBoxField(label="News")
    offers = ConsentBoxField(label="Offers")


def test_a_box_cannot_be_built_ticked_or_required():
    with pytest.raises(ValueError, match="ticked"):
        ConsentBoxField(initial=True)
    with pytest.raises(ValueError, match="required"):
        ConsentBoxField(required=True)


@pytest.mark.parametrize("name", ["initial", "required"])
def test_a_box_cannot_become_ticked_or_required(name):
    field = ConsentBoxField()
    with pytest.raises(ValueError, match=name):
        setattr(field, name, True)


@pytest.mark.parametrize(
    "form",
    [
        TwoBoxes(),
        TwoBoxes(initial={"news": True, "offers": "on"}),
        TwoBoxes(use_required_attribute=True),
    ],
)
def test_on_first_display_no_box_is_ticked_or_required_whatever_the_form_is_told(form):
    assert "checked" not in form.as_p()
    assert "required" not in form.as_p()


@pytest.mark.parametrize("attributes", [{"checked": True}, {"checked": "checked"}, {"required": True}])
def test_no_attribute_ticks_or_requires_a_box(attributes):
    drawn = ConsentBoxInput(attrs=attributes).render("news", False)

    assert "checked" not in drawn
    assert "required" not in drawn


def test_after_an_error_a_box_keeps_what_this_visitor_ticked_and_nothing_else():
    form = TwoBoxes({"news": "on"}, initial={"offers": True})

    assert "checked" in str(form["news"])
    assert "checked" not in str(form["offers"])


@given(st.dictionaries(st.sampled_from(["news", "offers"]), st.sampled_from(["on", "true", "1", "off", "", "False"])))
def test_a_form_with_boxes_is_valid_whatever_is_ticked(data):
    assert TwoBoxes(data).is_valid()


def test_no_column_says_that_a_box_is_ticked_or_required():
    names = {field.name for model in (Box, Notice, SignupForm) for field in model._meta.get_fields()}

    assert not {"checked", "ticked", "initial", "default", "required", "mandatory"} & names


# ---- Texts ----


@pytest.mark.parametrize(
    "text",
    [
        '<input type="checkbox" checked>',
        "<script>alert(1)</script>",
        '<label for="x">',
        '<form action="https://elsewhere.example.test">',
        "[link](javascript:alert(1))",
        "![image](https://elsewhere.example.test/pixel.png)",
        '<p style="position:fixed" onclick="x()">text</p>',
        "<iframe src='https://elsewhere.example.test'></iframe>",
    ],
)
def test_markdown_lets_no_control_script_image_or_style_in(text):
    html = to_html(text)

    for forbidden in ("<input", "<script", "<label", "<form", 'href="javascript', "<img", "<p style", "<iframe"):
        assert forbidden not in html


def test_headings_start_below_those_of_the_page():
    assert to_html("# Qui\n\n## Pourquoi") == "<h3>Qui</h3>\n<h4>Pourquoi</h4>\n"


def test_links_and_emphasis_are_kept():
    html = to_html("**Vous** pouvez écrire à [nous](mailto:bonjour@example.test).")

    assert "<strong>Vous</strong>" in html
    assert 'href="mailto:bonjour@example.test"' in html


@pytest.mark.parametrize(
    ("text", "essentials", "rest"),
    [
        ("Tout en vue.", "Tout en vue.", ""),
        ("En vue.\n\n---\n\nLa suite.", "En vue.", "La suite."),
        ("En vue.\r\n\r\n---\r\nLa suite.\n\n---\n\nEt encore.", "En vue.", "La suite.\n\n---\n\nEt encore."),
        ("", "", ""),
    ],
)
def test_the_rest_of_a_notice_is_one_press_away(text, essentials, rest):
    assert layers(text) == (essentials, rest)


# ---- What staff cannot save ----


@pytest.mark.django_db
@pytest.mark.parametrize("channel", ["email", "sms", "mms", "fax", "bluetooth", "automated_call"])
def test_no_opt_out_can_be_saved_for_a_channel_that_needs_a_yes(channel):
    with pytest.raises(IntegrityError):
        make_notice({"channel": channel, "kind": "opt_out"})


@pytest.mark.django_db
def test_a_form_with_an_opt_out_is_refused_from_the_day_the_law_asks_for_a_yes(time_machine, settings):
    form = make_form(notice=make_notice({"channel": "phone", "kind": "opt_out"}), asks_phone=True)
    time_machine.move_to("2026-08-10 23:59:00+02:00")
    form.full_clean()

    time_machine.move_to("2026-08-11 00:00:00+02:00")
    with pytest.raises(ValidationError, match="Je ne veux pas"):
        form.full_clean()

    settings.PROSPECTING_RULEBOOK = "article"
    form.full_clean()


@pytest.mark.django_db
def test_a_form_is_refused_while_its_notice_is_a_draft_or_asks_about_an_address_it_does_not_ask_for():
    with pytest.raises(ValidationError):
        make_form(notice=make_notice(published=False)).full_clean()
    with pytest.raises(ValidationError):
        make_form(notice=make_notice({"channel": "sms"})).full_clean()


@pytest.mark.django_db
def test_a_draft_is_never_shown_to_the_public(client):
    form = make_form(notice=make_notice(published=False))

    assert client.get(form.get_absolute_url()).status_code == 410
    assert form.title_fr not in client.get("/").content.decode()
