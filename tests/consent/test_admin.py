"""What staff may do to evidence: write it before it is shown, and only read it afterwards."""

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from consent.models import Act, Box, Notice, Objection, Organisation, Permission, SignupForm
from tests.factories import make_consent, make_detail, make_form, make_notice, make_organisation, make_purpose

pytestmark = pytest.mark.django_db

NOTICE_FR = (
    "Maison Exemple garde vos coordonnées trois ans. Vous pouvez retirer votre accord et vous opposer à tout moment : "
    "un lien figure dans chaque message. Vos droits : accès, rectification, effacement. Réclamation : CNIL."
)
NOTICE_EN = (
    "Maison Exemple keeps your details for three years. You can withdraw and object at any time: a link is in every "
    "message. Your rights: access, rectification, erasure. Complaints: CNIL."
)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def client(admin_client):
    """Signed in as a superuser, to whom every door that exists is open."""
    admin_client.cookies.load({"django_language": "en"})
    return admin_client


def make_draft(*boxes, **texts):
    make_organisation()
    return make_notice(*boxes, published=False, **{"information_fr": NOTICE_FR, "information_en": NOTICE_EN, **texts})


def page(action, obj):
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_{action}", args=[obj.pk])


def list_page(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def posted(notice, **changes):
    """What the browser sends for a notice and its boxes."""
    data = {
        "code": notice.code,
        "information_fr": notice.information_fr,
        "information_en": notice.information_en,
        "boxes-TOTAL_FORMS": notice.boxes.count(),
        "boxes-INITIAL_FORMS": notice.boxes.count(),
    }
    for number, box in enumerate(notice.boxes.all()):
        for name in ("id", "notice_id", "purpose_id", "channel", "kind", "label_fr", "label_en", "position"):
            data[f"boxes-{number}-{name.removesuffix('_id')}"] = getattr(box, name)
    return data | changes


@pytest.mark.parametrize("model", [Act, Permission, Objection])
def test_nobody_adds_changes_or_deletes_evidence_in_the_admin(client, model):
    consent = make_consent(make_detail(), make_purpose())
    Objection.objects.create(address_key=consent.address_key, key_id=1, at=timezone.now())
    row = model.objects.first()

    assert client.get(page("change", row)).status_code == 200
    assert client.post(page("change", row), {"kind": "objected", "channel": "sms"}).status_code == 403
    assert client.post(page("delete", row), {"post": "yes"}).status_code == 403
    assert client.post(list_page(model) + "add/", {"kind": "given"}).status_code in (403, 404)
    client.post(list_page(model), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})

    assert model.objects.get(pk=row.pk) == row


def test_acts_are_found_by_an_address_however_it_is_typed(client):
    make_consent(make_detail("camille@example.test"), make_purpose())
    make_consent(make_detail("other@example.test"), make_purpose())

    found = client.get(list_page(Act), {"q": " Camille@EXAMPLE.test"}).context["cl"].result_list

    assert {act.kind for act in found} == {"informed", "given", "confirmed"}
    assert len(found) == 3


def test_a_draft_is_changed_then_published_and_never_changes_again(client):
    notice = make_draft()
    page_before = client.get(page("change", notice))
    assert page_before.context["has_change_permission"]

    client.post(page("change", notice), posted(notice, information_en=NOTICE_EN + " Thank you."))
    client.post(page("publish", notice))
    notice.refresh_from_db()
    assert notice.published_at is not None
    assert notice.information_en.endswith("Thank you.")

    assert client.post(page("change", notice), posted(notice, information_en="Other.")).status_code == 403
    assert client.post(page("delete", notice), {"post": "yes"}).status_code == 403
    client.post(list_page(Notice), {"action": "delete_selected", "_selected_action": [notice.pk], "post": "yes"})
    notice.refresh_from_db()
    assert notice.information_en.endswith("Thank you.")
    assert notice.boxes.count() == 1


def test_the_page_of_a_published_notice_has_no_field_to_fill_in(client):
    notice = make_notice()

    shown = client.get(page("change", notice)).content.decode()

    assert 'name="information_fr"' not in shown
    assert 'name="boxes-0-label_fr"' not in shown
    assert 'name="_save"' not in shown


def test_a_new_version_says_the_same_and_is_a_draft(client):
    notice = make_notice({"label_en": "I agree."}, {"channel": "post", "kind": "opt_out"})

    client.post(page("new_version", notice))

    draft = Notice.objects.get(code=notice.code, version=2)
    assert draft.published_at is None
    assert draft.information_fr == notice.information_fr
    assert list(draft.boxes.values_list("channel", "kind")) == list(notice.boxes.values_list("channel", "kind"))


def test_publishing_and_new_versions_are_for_those_who_may_change_notices(client, django_user_model):
    draft, published = make_draft(), make_notice()
    reader = django_user_model.objects.create_user("reader", is_staff=True)
    client.force_login(reader)

    assert client.post(page("publish", draft)).status_code == 403
    assert client.post(page("new_version", published)).status_code == 403


def test_looking_at_the_publication_page_publishes_nothing(client):
    notice = make_draft()

    assert client.get(page("publish", notice)).status_code == 200

    notice.refresh_from_db()
    assert notice.published_at is None
    assert client.get(page("new_version", notice)).status_code == 405


@pytest.mark.parametrize(
    "text", ["<input type=checkbox checked>", "< INPUT checked", "<select>", "Hello <button>go</button>", "<form>"]
)
def test_no_text_can_smuggle_in_a_box(client, text):
    notice = make_draft()
    form = make_form(notice=make_notice())

    answer = client.post(page("change", notice), posted(notice, information_fr=NOTICE_FR + text))
    assert "form control" in str(answer.context["errors"])
    answer = client.post(page("change", notice), posted(notice, **{"boxes-0-label_fr": text}))
    assert "form control" in str(answer.context["errors"])
    answer = client.post(
        page("change", form),
        {
            "slug": form.slug,
            "title_fr": form.title_fr,
            "introduction_fr": text,
            "asks_email": "on",
            "notice": form.notice_id,
            "resource": "none",
        },
    )
    assert "form control" in str(answer.context["errors"])

    notice.refresh_from_db()
    form.refresh_from_db()
    assert notice.information_fr == NOTICE_FR
    assert text not in notice.boxes.get().label_fr
    assert form.introduction_fr == ""


def test_no_field_of_a_box_or_form_could_tick_or_require_it():
    suspicious = ("checked", "ticked", "required", "initial", "default", "mandatory")

    names = [field.name for model in (Box, Notice, SignupForm) for field in model._meta.get_fields()]

    assert not [name for name in names if any(word in name for word in suspicious)]


def form_data(notice, **fields):
    return {
        "slug": "lettre",
        "title_fr": "Lettre",
        "asks_email": "on",
        "notice": notice.pk,
        "resource": "none",
        "is_open": "on",
        "questions-TOTAL_FORMS": 0,
        "questions-INITIAL_FORMS": 0,
        **fields,
    }


def test_a_form_shows_a_published_notice_only(client):
    draft = make_draft()

    answer = client.post(reverse("admin:consent_signupform_add"), form_data(draft))

    assert "notice" in answer.context["adminform"].form.errors
    assert not SignupForm.objects.exists()


def test_a_form_asks_for_what_its_boxes_are_about(client):
    notice = make_notice({"channel": "sms", "label_fr": "J'accepte les SMS."})
    add = reverse("admin:consent_signupform_add")

    refused = client.post(add, form_data(notice))
    assert "must ask for the phone number" in str(refused.context["errors"])

    client.post(add, form_data(notice, asks_phone="on"))
    assert SignupForm.objects.get().asks_phone


def test_the_editor_says_that_other_channels_stay_pending(client):
    notice = make_notice({"channel": "sms"})

    shown = client.post(
        reverse("admin:consent_signupform_add"),
        form_data(notice, asks_phone="on", _continue="1"),
        follow=True,
    ).content.decode()

    assert "stays pending, and nobody is contacted on it" in shown
    assert "a yes that stays pending until its own confirmation exists" in shown


def test_the_organisation_has_one_page_whether_or_not_it_is_filled_in(client):
    answer = client.get(list_page(Organisation), follow=True)
    assert answer.status_code == 200

    client.post(answer.redirect_chain[-1][0], {"name": "Maison Exemple", "colour": "#1f4b99"})

    assert Organisation.objects.get().pk == 1
    assert Organisation.objects.current().name == "Maison Exemple"
    assert client.post(reverse("admin:consent_organisation_delete", args=[1]), {"post": "yes"}).status_code == 403


def test_a_new_installation_is_told_its_first_steps_until_all_are_done(client):
    index = reverse("admin:index")
    assert "First steps" in client.get(index).content.decode()

    make_organisation(sender_tested_at=timezone.now())
    make_form()

    assert "First steps" not in client.get(index).content.decode()
