"""A draft beside the version in use: every word that visitors would read otherwise."""

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from consent.comparing import differences, version_in_use, words_compared
from consent.models import Notice
from consent.publishing import new_version
from tests.factories import make_notice


def pieces(old, new):
    return [(piece.kind, piece.text) for piece in words_compared(old, new)]


def test_words_are_compared_one_by_one_in_reading_order():
    assert pieces("trois ans, puis rien", "deux ans, puis rien") == [
        ("del", "trois"),
        ("ins", "deux"),
        ("", " ans, puis rien"),
    ]
    assert pieces("", "neuf") == [("ins", "neuf")]
    assert pieces("même", "même") == [("", "même")]


@pytest.mark.django_db
def test_a_draft_is_compared_with_the_version_in_use_and_not_with_another_draft():
    first = make_notice()
    second = new_version(first)
    second.publish(at=timezone.now())
    third = new_version(second)
    fourth = new_version(third)

    assert version_in_use(fourth) == second
    assert version_in_use(first) is None


@pytest.mark.django_db
def test_every_text_that_visitors_read_is_compared():
    notice = make_notice({"channel": "phone", "says_proof_fr": "Preuve sur demande."})
    draft = new_version(notice)
    Notice.objects.filter(pk=draft.pk).update(information_en="Who and why.")
    draft.boxes.update(label_fr="J'accepte.", says_proof_fr="Preuve par courrier.", kind="opt_out")
    draft.refresh_from_db()

    with translation.override("en"):
        changed = {(found.title, found.language) for found in differences(notice, draft) if found.is_change}

        purpose = str(draft.boxes.get().purpose)

    assert changed == {
        ("Information", "en"),
        (f"Box: {purpose}, phone call", "fr"),
        (f"Box: {purpose}, phone call", "en"),
        (f"{purpose}, phone call: how to get the proof of it on a durable medium", "fr"),
    }


@pytest.mark.django_db
def test_the_page_strikes_out_what_goes_and_underlines_what_comes(admin_client):
    draft = new_version(make_notice(information_fr="Nous gardons trois ans."))
    Notice.objects.filter(pk=draft.pk).update(information_fr="Nous gardons <deux> ans.")

    page = admin_client.get(reverse("admin:consent_notice_compare", args=[draft.pk])).content.decode()

    assert "Nous gardons <del>trois</del><ins>&lt;deux&gt;</ins> ans." in page
