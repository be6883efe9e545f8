"""Links that lead nowhere, which keep a mail from leaving, and habits of unwanted mail, which do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.broken_links import broken_links
from campaigns.habits import Mail, advice, is_shouting
from campaigns.readiness import obstacles
from campaigns.reading import contents
from tests.factories import make_campaign, make_organisation

LONG_ENOUGH = "<p>" + "Nous avons rouvert la boutique, et nous serons heureux de vous y revoir bientôt. " * 3 + "</p>"


@pytest.fixture(autouse=True)
def _in_english():
    from django.utils.translation import override

    with override("en"):
        yield


def link(address, words="Our shop"):
    return f'<a href="{address}">{words}</a>'


@pytest.mark.parametrize(
    "address",
    [
        "https://shop.example.test/",
        "https://shop.example.test:8443/a?b=1&amp;c=2#d",
        "https://élan.example.test/",
        "http://shop.example.test",
        "mailto:bonjour@example.test",
        "mailto:bonjour@example.test?subject=Bonjour",
        "tel:+33123456789",
        "https://192.0.0.9/",
    ],
)
def test_a_link_that_leads_somewhere_is_left_alone(address):
    assert broken_links(link(address)) == []


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "leads nowhere"),
        ("#", "leads nowhere"),
        ("https://", "leads nowhere"),
        ("shop.example.test", "not a full address"),
        ("/shop", "not a full address"),
        ("shop.example.test:80/a", "not a full address"),
        ("localhost:8000/", "not a full address"),
        ("javascript:alert(1)", "begins with “javascript:”"),
        ("ftp://shop.example.test/", "begins with “ftp:”"),
        ("http://localhost:8000/", "your own computer"),
        ("http://127.0.0.1/", "your own computer"),
        ("http://192.168.1.10/", "your own computer"),
        ("http://[::1]/", "your own computer"),
        ("https://intranet.local/", "your own computer"),
        ("https://shop", "no valid address"),
        ("https://shop .example.test/", "no valid address"),
        ("https://shop.example.test:port/", "no valid address"),
        ("https://[::1", "no valid address"),
        ("https://shop..example.test/", "no valid address"),
        ("https://shop.example.test/[LINK]", "placeholder"),
        ("https://shop.example.test/*|ID|*", "placeholder"),
        ("https://…", "placeholder"),
        ("mailto:nobody", "writes to nobody"),
        ("tel:", "calls no number"),
    ],
)
def test_a_broken_link_is_named_with_what_is_wrong(address, words):
    assert words in " ".join(broken_links(link(address)))


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ('<img src="https://a.example.test/p.png">', "lacks the words"),
        ('<img src="https://a.example.test/p.png" alt=" ">', "lacks the words"),
        ('<img src="p.png" alt="Un pré">', "no full address"),
        ("<p>Bonjour *|FNAME|*</p>", "field of another product"),
        ("<p>Bonjour %%name%%</p>", "field of another product"),
        ("<p>[ici](javascript:alert(1))</p>", "cannot be understood"),
    ],
)
def test_pictures_without_words_and_fields_of_other_products_are_named(html, words):
    assert words in " ".join(broken_links(html))


@given(st.text(max_size=300))
def test_no_text_is_too_odd_to_be_read(text):
    broken_links(f'<a href="{text}">{text}</a><img src="{text}">{text}')
    advice(Mail(text, text, contents(f'<a href="{text}">{text}</a>'), 10))


def said(subject="Nos nouvelles", preheader="Ce qui a changé", html=LONG_ENOUGH, weight=20_000):
    return " ".join(advice(Mail(subject, preheader, contents(html), weight)))


def test_a_plain_mail_gets_no_advice():
    assert said() == ""
    assert said(html=LONG_ENOUGH + link("https://www.example.test/a", "example.test")) == ""


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"preheader": " "}, "no preheader"),
        ({"subject": "x" * 71}, "71 characters"),
        ({"subject": "DERNIERS JOURS POUR EN PROFITER"}, "in capitals"),
        ({"subject": "Vite !!"}, "several exclamation marks"),
        ({"subject": "RE: votre commande"}, "looks like an answer"),
        ({"subject": "C’est 100 % gratuit"}, "100 % gratuit"),
        ({"subject": "Act now"}, "act now"),
        ({"html": '<img src="https://a.example.test/p.png" alt="Tout">'}, "nearly all pictures"),
        ({"weight": 103_000}, "103 kB"),
        ({"html": LONG_ENOUGH + "<p>VENEZ TOUS NOUS VOIR DEMAIN</p>"}, "whole sentence is in capitals"),
        ({"html": LONG_ENOUGH + "<p>Vite !! Vite</p>"}, "many exclamation marks"),
        ({"html": LONG_ENOUGH + link("https://bit.ly/x")}, "bit.ly"),
        ({"html": LONG_ENOUGH + link("https://evil.example.test.attack.test/", "bank.example.test")}, "fraud"),
        ({"html": LONG_ENOUGH + link("https://shop.example.test/", "Cliquez ici")}, "does not say where"),
        ({"html": LONG_ENOUGH + link("http://shop.example.test/")}, "not secure"),
    ],
)
def test_a_habit_of_unwanted_mail_is_pointed_out(fields, words):
    assert words in said(**fields)


def test_a_name_in_capitals_is_no_shouting():
    assert not is_shouting("SNCF : vos billets")
    assert not is_shouting("LA REDOUTE")
    assert is_shouting("TOUT DOIT DISPARAÎTRE")


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["markdown", "mjml", "sections"])
def test_a_broken_link_keeps_a_campaign_from_leaving_in_each_format(form):
    make_organisation()
    body = {
        "markdown": "[notre boutique](http://localhost/)",
        "mjml": "<mjml><mj-body><mj-section><mj-column><mj-button href='http://localhost/'>Notre boutique</mj-button>"
        "</mj-column></mj-section></mj-body></mjml>",
        "sections": "",
    }[form]
    sections = [{"kind": "button", "words": "Notre boutique", "link": "http://localhost/"}]

    found = obstacles(make_campaign(format=form, body=body, sections=sections))

    assert len(found) == 1
    assert "your own computer" in found[0]
    assert "otre boutique" in found[0]
