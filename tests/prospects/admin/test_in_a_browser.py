"""Staff's way through a person's pages, in a real browser, both languages, on a phone and at a desk."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from consent.models import Permission, Scan
from prospects.models import ExtraField, Prospect, Purchase
from tests.accessibility import DESK, PHONE, Complaints, problems
from tests.factories import make_consent, make_detail, make_message, make_notice, make_prospect, make_purpose
from tests.prospects.admin.pages import LIST, action, page_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

WORDS = {
    "fr": {
        "paper": "Enregistrer un consentement sur papier",
        "box": "J'accepte de recevoir des offres par e-mail.",
        "recorded": "Le consentement sur papier est enregistré, avec son scan.",
        "collected_by": "Recueillies par",
        "record": "Enregistrer",
        "signed": "Signé le",
        "scan": "Scan du papier",
        "purchases": "Achats",
        "merge": "C’est une seule personne : fusionner",
    },
    "en": {
        "paper": "Record a consent on paper",
        "box": "I agree to receive offers by e-mail.",
        "recorded": "The consent on paper is recorded, with its scan.",
        "collected_by": "Collected by",
        "record": "Record",
        "signed": "Signed on",
        "scan": "Scan of the paper",
        "purchases": "Purchases",
        "merge": "They are one person: merge",
    },
}
SIZES = pytest.mark.parametrize(("language", "size"), [("fr", PHONE), ("en", DESK)], ids=["fr-phone", "en-desk"])


@pytest.fixture
def person():
    purpose = make_purpose(name_fr="La lettre", name_en="The letter")
    prospect = make_prospect(first_name="Camille", last_name="Exemple", extra={"shoe_size": 41})
    ExtraField.objects.create(slug="shoe_size", label_fr="Pointure", label_en="Shoe size", kind="number", why="Ventes")
    detail = make_detail("camille@example.test", prospect=prospect)
    make_detail("01 99 00 12 34", medium="phone", prospect=prospect)
    make_detail("1 rue des Essais\n75001 Paris", medium="post", prospect=prospect)
    make_consent(detail, purpose)
    make_message(detail=detail, status="sent", ground="consent", ended_at=timezone.now())
    Purchase.objects.create(prospect=prospect, family="garden/tools", at=timezone.now() - timedelta(days=4))
    return prospect


def signed_in(page: Page, site: str, client, language: str) -> None:
    host = site.partition("://")[2].partition(":")[0]
    cookies = {"sessionid": client.cookies["sessionid"].value, "django_language": language}
    page.context.add_cookies(
        [{"name": name, "value": value, "domain": host, "path": "/"} for name, value in cookies.items()]
    )


@SIZES
def test_staff_read_a_page_and_record_a_paper(page: Page, site, admin_client, person, tmp_path, language, size):
    words = WORDS[language]
    make_notice(code="papier")
    scan = Path(tmp_path) / "scan.pdf"
    scan.write_bytes(b"%PDF-1.7\n%%EOF\n")
    page.set_viewport_size(size)
    signed_in(page, site, admin_client, language)

    page.goto(f"{site}{page_of(person)}")
    assert problems(page) == []
    for table in page.locator(".panel-rows").all():
        assert table.evaluate("box => box.scrollWidth <= box.clientWidth")
    page.get_by_role("link", name=words["purchases"], exact=True).click()
    expect(page.locator(".timeline li")).to_have_count(1)
    page.get_by_role("link", name=words["paper"]).click()
    assert problems(page) == []
    page.get_by_role("link", name="papier v1").click()
    page.get_by_label(words["box"]).or_(page.get_by_label(WORDS["fr"]["box"])).check()
    page.get_by_label("camille@example.test").check()
    page.get_by_label(words["signed"]).fill(f"{timezone.localdate():%Y-%m-%d}")
    page.get_by_label(words["collected_by"]).fill("Boutique")
    page.get_by_label(words["scan"]).set_input_files(scan)
    assert problems(page) == []
    page.get_by_role("button", name=words["record"], exact=True).click()

    expect(page.get_by_text(words["recorded"]).first).to_be_visible()
    assert Permission.objects.filter(needs_confirmation=False).exists()
    assert Scan.objects.exists()
    page.locator(".may-we a").first.click()
    assert problems(page) == []


@SIZES
def test_staff_compare_two_records_and_merge_them(page: Page, site, admin_client, person, language, size):
    other = make_detail("c.exemple@example.test", prospect=make_prospect(first_name="Camile", last_name="Exemple"))
    page.set_viewport_size(size)
    signed_in(page, site, admin_client, language)

    page.goto(f"{site}{action(person, 'merge')}")
    assert problems(page) == []
    page.locator("#id_q").fill("c.exemple@example.test")
    page.locator(".question input[type=submit]").click()
    assert problems(page) == []
    page.get_by_role("link", name=f"№ {other.prospect_id}").click()
    assert problems(page) == []
    page.get_by_label("Camile", exact=True).check()
    page.get_by_role("button", name=WORDS[language]["merge"]).click()

    expect(page.get_by_role("heading", name="Camile Exemple")).to_be_visible()
    assert Prospect.objects.count() == 1


@SIZES
def test_every_page_about_people_can_be_used_by_everybody(page: Page, site, admin_client, person, language, size):
    complaints = Complaints().listen(page)
    page.set_viewport_size(size)
    signed_in(page, site, admin_client, language)

    for address in (
        LIST,
        *(action(person, name) for name in ("objection", "purchase", "contract", "request", "call", "hold")),
        *(action(person, name) for name in ("correction", "delivery", "mistake")),
        "/admin/prospects/extrafield/add/",
        "/admin/admin/logentry/",
        "/admin/prospects/purgerun/",
        "/admin/prospects/sourcerefusal/",
        page_of(person),
    ):
        page.goto(f"{site}{address}")
        assert complaints == [], address
        assert problems(page) == [], address
        complaints.clear()  # axe rewrites the style sheets that import others, which the policy forbids
