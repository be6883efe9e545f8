"""The pages where Data protection and administrators bring a file in."""

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from campaigns.access import MARKETERS
from prospects.imports import background, uploads
from prospects.models import Import, Prospect, SourceRefusal
from tests.accessibility import problems
from tests.factories import make_organisation
from tests.processes import celery_worker, wait_until
from tests.prospects.imports.files import bring_in
from tests.prospects.imports.test_importing import PEOPLE

pytestmark = pytest.mark.django_db

DECLARED = {"source": "paper", "collected_by": "Shop", "person": "individual", "channel": "email"}
COLUMNS = {
    "column_0": "email",
    "column_1": "first_name",
    "column_2": "last_name",
    "column_3": "phone",
    "column_4": "collected_on",
}


def member(group, username="camille"):
    user = User.objects.create_user(username, password="a long password")
    user.groups.add(Group.objects.get_or_create(name=group)[0])
    return user


@pytest.fixture(params=["Data protection", "Administrators"])
def importer(request, client):
    client.force_login(member(request.param))
    return client


@pytest.fixture
def keeper(client):
    client.force_login(member("Data protection"))
    return client


def upload(client, content=PEOPLE, kind="contacts"):
    file = SimpleUploadedFile("people.csv", content.encode())
    return client.post(reverse("imports"), {"kind": kind, "file": file}, follow=True)


def declare(client, **more):
    run = Import.objects.get()
    answer = client.post(reverse("import", args=[run.pk]), {**DECLARED, **COLUMNS, **more}, follow=True)
    return answer


def step(client, name):
    return client.post(reverse("import_step", args=[Import.objects.get().pk, name]), follow=True)


def work():
    """As a worker would."""
    background.carry_on(Import.objects.get())


def test_marketers_and_visitors_may_not_import(client):
    page = reverse("imports")
    assert client.get(page).url.startswith(reverse("login"))
    client.force_login(member(MARKETERS))
    run = bring_in(PEOPLE)

    for address in (page, run.get_absolute_url(), reverse("import_refused", args=[run.pk])):
        assert client.get(address).status_code == 403


def test_a_file_comes_in_once_it_was_declared_checked_and_confirmed(importer):
    page = upload(importer)
    assert b'<option value="first_name" selected>' in page.content

    declare(importer)
    work()
    assert Import.objects.get().check_figures["outcomes"] == {"created": 2}
    assert not Prospect.objects.exists()

    step(importer, "run")
    work()
    assert Import.objects.get().figures["outcomes"] == {"created": 2}
    assert Prospect.objects.count() == 2

    step(importer, "undo")
    work()
    assert Import.objects.get().status == "undone"
    assert not Prospect.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_was_found_on_the_internet_is_refused_whole_in_words_and_counted(keeper):
    upload(keeper)

    page = declare(keeper, source="public_web")

    assert "Internet" in page.content.decode()
    assert not Import.objects.exists() and not Prospect.objects.exists()
    assert SourceRefusal.objects.get(door="import").count == 2


@pytest.mark.parametrize(
    "wrong", [{"source": ""}, {"collected_by": ""}, {"column_4": ""}, {"column_3": "email"}, {"source": "partner"}]
)
def test_what_is_not_declared_well_is_asked_again(keeper, wrong):
    upload(keeper)

    page = declare(keeper, **wrong)

    assert page.status_code == 200
    assert Import.objects.get().status == "uploaded"


def test_a_file_that_is_no_table_is_refused_and_not_kept(keeper):
    before = set(uploads.folder().iterdir())

    page = upload(keeper, "\n")

    assert page.status_code == 200
    assert not Import.objects.exists()
    assert set(uploads.folder().iterdir()) == before


def test_the_report_tells_each_line_and_the_refused_rows_download(keeper):
    run = bring_in(PEOPLE + "nobody;=1+1;;;2026-01-15\n")

    lines = keeper.get(reverse("import_lines", args=[run.pk])).content.decode()
    assert ">2</th>" in lines and ">4</th>" in lines
    refused = keeper.get(reverse("import_lines", args=[run.pk]), {"outcome": "refused"}).content.decode()
    assert ">2</th>" not in refused and ">4</th>" in refused
    file = b"".join(keeper.get(reverse("import_refused", args=[run.pk])).streaming_content).decode("utf-8-sig")
    assert file.splitlines()[1].endswith(";nobody;'=1+1;;;2026-01-15")


def test_an_import_not_begun_can_be_dropped_with_its_file_and_one_begun_cannot(keeper):
    upload(keeper)
    path = uploads.path_of(Import.objects.get())
    step(keeper, "drop")
    assert not path.exists() and not Import.objects.exists()

    bring_in(PEOPLE)
    step(keeper, "drop")
    assert Import.objects.exists()


def test_an_import_left_by_a_killed_worker_is_taken_up_again(django_capture_on_commit_callbacks):
    run = bring_in(PEOPLE)
    Import.objects.filter(pk=run.pk).update(status="running")

    work()

    assert Import.objects.get().status == "done"


@pytest.mark.django_db(transaction=True)
def test_a_file_comes_in_by_the_browser_while_a_real_worker_does_the_work(site, page, tmp_path):
    make_organisation()
    member("Administrators")
    (tmp_path / "people.csv").write_text(PEOPLE + "nobody;;;;2026-01-15\n")
    with celery_worker():
        page.goto(f"{site}{reverse('imports')}")
        page.fill("[name=username]", "camille")
        page.fill("[name=password]", "a long password")
        page.press("[name=password]", "Enter")
        page.set_input_files("[name=file]", tmp_path / "people.csv")
        assert problems(page) == []
        page.click("main button[type=submit]")
        page.select_option("[name=source]", "paper")
        page.fill("[name=collected_by]", "Boutique")
        assert problems(page) == []
        page.click("main button.btn-primary")
        page.wait_for_selector("#figures-title", timeout=60_000)
        assert problems(page) == []
        page.click("main button.btn-primary")
        wait_until(lambda: Import.objects.get().status == "done", 60)
        page.wait_for_selector("button.btn-outline-danger", timeout=60_000)
        assert problems(page) == []
        page.click("button.btn-outline-danger")
        page.wait_for_selector("#undo-title", timeout=60_000)
    assert not Prospect.objects.exists()
