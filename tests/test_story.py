"""The whole story, in a real browser, on the real database, broker, worker, beat and mail server."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone, translation
from playwright.sync_api import Page, expect

from campaigns.models import Campaign, Message
from campaigns.paris_time import PARIS
from consent.models import Act, Permission
from prospects.models import Prospect
from tests.factories import make_form, make_notice, make_organisation, make_purpose
from tests.mailbox import text_of
from tests.processes import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

VISITOR = "camille.lejeune@example.test"
PASSWORD = "a long enough phrase for a test"


@pytest.fixture
def shop():
    """An organisation with two purposes on one form, a marketer and a member of staff."""
    make_organisation()
    newsletter = make_purpose(slug="newsletter", name_fr="La lettre", name_en="The newsletter")
    offers = make_purpose(slug="offers", name_fr="Les offres", name_en="Offers")
    notice = make_notice({"purpose": newsletter}, {"purpose": offers, "position": 1})
    User.objects.create_user("marie", "marie@example.test", PASSWORD).groups.add(Group.objects.get(name="Marketers"))
    User.objects.create_superuser("sacha", "sacha@example.test", PASSWORD)
    return make_form(slug="lettre", notice=notice, asks_name=True)


def test_from_an_unticked_box_to_a_stop_that_the_next_campaign_obeys(page, site, shop, mailbox, celery_processes):
    newsletter = shop.notice.boxes.get(purpose__slug="newsletter")

    sign_up(page, site, tick=f"box_{newsletter.pk}")
    confirm_from_the_mail(page, mailbox)
    sign_in(page, site, "marie")
    first = schedule_campaign(page, site, "Nouvelles d'automne", purpose=str(newsletter.purpose_id))
    campaign_mail = wait_for_mail(mailbox, first.subject)
    stop_from_the_mail(page, campaign_mail)
    second = schedule_campaign(page, site, "Nouvelles d'hiver", purpose=str(newsletter.purpose_id), at_once=True)
    wait_until(lambda: status_of(second) == Campaign.Status.DONE, 60, why="the second campaign did not end")

    assert [mail["Subject"] for mail in mailbox.to(VISITOR) if mail["Subject"] == second.subject] == []
    assert not Message.objects.filter(campaign=second).exists()
    page.goto(f"{site}{second.get_absolute_url()}")
    expect(page.get_by_role("main")).to_contain_text("opposition")

    sign_out_and_in(page, site, "sacha")
    see_it_all_in_the_admin(page, site, first)


def sign_up(page: Page, site: str, *, tick: str) -> None:
    page.goto(f"{site}/")
    page.get_by_role("main").get_by_role("link", name="Notre lettre").click()
    boxes = page.get_by_role("checkbox")
    expect(boxes).to_have_count(2)
    for box in boxes.all():
        expect(box).not_to_be_checked()
        assert box.get_attribute("required") is None
    page.locator("[name=first_name]").fill("Camille")
    page.locator("[name=last_name]").fill("Lejeune")
    page.locator("[name=email]").fill(VISITOR)
    page.locator(f"[name={tick}]").check()
    page.wait_for_timeout(2500)  # a form sent faster than a person types is a robot's
    page.get_by_role("main").locator("form button").click()
    page.wait_for_url(re.compile("/thanks/"))
    assert not Prospect.objects.exists()


def confirm_from_the_mail(page: Page, mailbox) -> None:
    wait_until(lambda: mailbox.to(VISITOR), 90, why="no confirmation mail came")
    mail = mailbox.to(VISITOR)[0]
    page.goto(re.search(r"https?://\S+/c/\S+", text_of(mail)).group())
    assert not Prospect.objects.exists(), "looking at the page confirms nothing"
    page.get_by_role("main").get_by_role("button", name="Oui, je confirme").click()
    wait_until(Prospect.objects.exists)
    kinds = list(Act.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["informed", "given", "confirmed"]
    assert Permission.objects.get().confirmed_at is not None


def sign_in(page: Page, site: str, name: str) -> None:
    page.goto(f"{site}/login/?next=/campaigns/")
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(re.compile("/campaigns/$"))


def sign_out_and_in(page: Page, site: str, name: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{site}/admin/")
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(re.compile("/admin/$"))


def schedule_campaign(page: Page, site: str, name: str, *, purpose: str, at_once: bool = False) -> Campaign:
    page.goto(f"{site}/campaigns/new/")
    page.locator("main [name=name]").fill(name)
    page.locator("main [name=purpose]").select_option(purpose)
    page.locator("main [name=subject]").fill(f"{name}, {{{{ first_name }}}}")
    page.locator("main [name=format]").select_option("markdown")
    page.locator("main [name=body]").fill("Bonjour {{ first_name }},\n\nVoici nos **nouvelles**.")
    page.get_by_role("main").get_by_role("button", name="Enregistrer le brouillon").click()
    page.wait_for_url(re.compile(r"/campaigns/\d+/"))
    campaign = Campaign.objects.get(name=name)

    page.goto(f"{site}{campaign.get_absolute_url()}audience/")
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"\b[01]\b"))
    page.goto(f"{site}{campaign.get_absolute_url()}schedule/")
    # A whole minute, far enough for a slow machine to press the buttons before it.
    soon = timezone.now().astimezone(PARIS) + (timedelta(hours=1) if at_once else timedelta(seconds=90))
    page.locator("[name=day]").fill(f"{soon:%Y-%m-%d}")
    page.locator("[name=time]").fill(f"{soon:%H:%M}")
    page.locator("main form button[type=submit]").click()
    page.locator("main form button[name=confirm]").click()
    page.wait_for_url(re.compile(rf"{campaign.get_absolute_url()}$"))
    assert status_of(campaign) == Campaign.Status.SCHEDULED
    if at_once:  # the first campaign waited for its minute: once is enough
        Campaign.objects.filter(pk=campaign.pk).update(send_at=timezone.now())
    campaign.subject = f"{name}, Camille"
    return campaign


def status_of(campaign: Campaign) -> str:
    return Campaign.objects.values_list("status", flat=True).get(pk=campaign.pk)


def wait_for_mail(mailbox, subject: str):
    def found():
        return [mail for mail in mailbox.to(VISITOR) if mail["Subject"] == subject]

    wait_until(found, 150, why="the campaign's mail did not come")
    return found()[0]


def stop_from_the_mail(page: Page, mail) -> None:
    text = text_of(mail)
    assert "Bonjour Camille" in text
    page.goto(re.search(r"https?://\S+/u/[\w-]+/(?=\s|$)", text, re.MULTILINE).group())
    assert not Act.objects.filter(kind="objected").exists(), "looking at the page stops nothing"
    page.get_by_role("main").locator("form button").click()
    wait_until(Act.objects.filter(kind="objected").exists)


def see_it_all_in_the_admin(page: Page, site: str, campaign: Campaign) -> None:
    page.goto(f"{site}/admin/prospects/prospect/?q={VISITOR}")
    page.locator("#result_list tbody th a").click()
    content = page.locator("#content")
    for what in (VISITOR, "/s/lettre/", "J'accepte de recevoir", campaign.name):
        expect(content).to_contain_text(what)
    with translation.override("fr"):
        kinds = [str(Act.Kind(kind).label) for kind in Act.objects.values_list("kind", flat=True)]
    assert len(kinds) == 5
    for kind in kinds:
        expect(content).to_contain_text(kind, ignore_case=True)
