"""The commands: what they say, and how they end."""

import json
import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from prospects.imports import running
from prospects.models import Import, ImportRow, Prospect, SourceRefusal
from tests.factories import make_notice, make_purpose
from tests.processes import environment_of_this_test, wait_until
from tests.prospects.imports.test_importing import PEOPLE, state

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE)
    return path


def run_command(capsys, *arguments):
    """Give the JSON report, and the exit code."""
    try:
        call_command("import_contacts", *map(str, arguments), "--json")
        code = 0
    except SystemExit as end:
        code = end.code
    return json.loads(capsys.readouterr().out), code


def test_an_import_from_the_terminal(people, capsys):
    report, code = run_command(capsys, people, "--source", "paper", "--collected-by", "Shop")

    assert code == 0
    assert report["outcomes"] == {"created": 2} and report["import"] == Import.objects.get().pk
    assert Import.objects.get().status == "done"


def test_a_dry_run_changes_nothing(people, capsys):
    report, code = run_command(capsys, people, "--source", "paper", "--collected-by", "Shop", "--dry-run")

    assert (report["dry_run"], report["outcomes"], code) == (True, {"created": 2}, 0)
    assert not Prospect.objects.exists() and Import.objects.get().status == "checked"


def test_refused_rows_end_with_3_and_are_written_to_a_file_that_can_be_mended(people, tmp_path, capsys):
    people.write_text(PEOPLE + "nobody;=1+1;;;2026-01-15\n")
    refused = tmp_path / "refused.csv"

    report, code = run_command(capsys, people, "--source", "paper", "--collected-by", "Shop", "--refused-rows", refused)

    assert (report["reasons"], code) == ({"bad_address": 1}, 3)
    header, row = refused.read_text(encoding="utf-8-sig").splitlines()
    assert header.endswith(";email;prénom;nom;téléphone;collecté le")
    assert row.startswith("4;") and row.endswith(";nobody;'=1+1;;;2026-01-15")


@pytest.mark.django_db(transaction=True)
def test_the_public_web_is_refused_whole_counted_and_leaves_no_trace(people):
    with pytest.raises(CommandError, match="Internet") as refused:
        call_command("import_contacts", str(people), "--source", "public_web")

    assert refused.value.returncode == 2
    assert not Import.objects.exists() and not Prospect.objects.exists()
    assert (SourceRefusal.objects.get().door, SourceRefusal.objects.get().count) == ("import", 2)


@pytest.mark.parametrize(
    "options",
    [
        ["--source", "paper"],
        ["--source", "paper", "--collected-by", "x", "--collected-on", "someday"],
        ["--source", "partner", "--collected-by", "x"],
        ["--source", "paper", "--collected-by", "x", "--purpose", "offers"],
        ["--source", "paper", "--collected-by", "x", "--column", "email=nothing"],
    ],
)
def test_what_is_not_declared_well_is_refused_before_the_first_row(people, options):
    with pytest.raises(CommandError) as refused:
        call_command("import_contacts", str(people), *options)

    assert refused.value.returncode == 2
    assert not Import.objects.exists()


def test_consents_are_declared_by_purpose_and_column(tmp_path, capsys):
    purpose = make_purpose(slug="offers")
    notice = make_notice({"purpose": purpose}, code="fair")
    path = tmp_path / "consents.csv"
    path.write_text("mail;day;how\nzoe@example.test;15/01/2026;papier\n")

    report, code = run_command(
        capsys,
        *(path, "--source", "event", "--collected-by", "Fair", "--collected-on", "day", "--notice", "fair:1"),
        *("--purpose", "offers", "--consent-column", "day", "--consent-how-column", "how"),
    )

    assert (report["outcomes"], code) == ({"created": 1}, 0)
    assert Prospect.objects.get().details.get().source.notice == notice


def test_undo_says_what_it_took_back(people, capsys):
    report, _code = run_command(capsys, people, "--source", "paper", "--collected-by", "Shop")

    call_command("undo_import", str(report["import"]))

    assert "2" in capsys.readouterr().out
    assert not Prospect.objects.exists()


# ---- Killed ----


def many(path, count=30_000):
    with path.open("w") as file:
        file.write("email;nom;phone;collected on\n")
        for number in range(count):
            phone = f"06{number:08d}" if number % 3 else ""
            file.write(f"p{number}@example.test;Nom{number};{phone};2026-01-15\n")
            if number % 10 == 0:
                file.write(f";Nom{number};0611{number:06d};2026-01-15\n")
    return path


def killed_in_the_middle(*command, done):
    """Start a command, kill it without warning once some of its work is done."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", *command],
        cwd=settings.BASE_DIR,
        env=environment_of_this_test(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_until(lambda: done() or process.poll() is not None, 120)
    assert process.poll() is None, "it ended before it could be killed"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


@pytest.mark.django_db(transaction=True)
def test_an_import_and_its_undo_survive_kill_9(tmp_path, capsys):
    before = state()
    path = many(tmp_path / "many.csv")
    declared = ("--source", "paper", "--collected-by", "Shop")

    killed_in_the_middle("import_contacts", str(path), *declared, done=ImportRow.objects.exists)
    run = Import.objects.get()
    wait_until(lambda: not _is_at_work(run))
    come_so_far = ImportRow.objects.count()
    assert 0 < come_so_far == running.lines_done(run) < run.lines == 33_000
    report, code = run_command(capsys, "--resume", run.pk)
    assert (report["outcomes"], code) == ({"created": 33_000}, 0)
    assert Prospect.objects.count() == 33_000 == ImportRow.objects.count()

    killed_in_the_middle("undo_import", str(run.pk), done=ImportRow.objects.filter(undone="undone").exists)
    wait_until(lambda: not _is_at_work(run))
    assert 0 < Prospect.objects.count() < 33_000
    call_command("undo_import", str(run.pk))

    assert state() == before
    run.refresh_from_db()
    assert run.undo_figures == {"undone": 33_000}


def _is_at_work(run):
    """A killed process's connection may end a moment later, with its last batch."""
    try:
        with running.at_work(run):
            return False
    except running.AlreadyAtWork:
        return True


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_the_same_people_at_once_make_nobody_twice(tmp_path):
    path = many(tmp_path / "many.csv", 12_000)
    command = [sys.executable, "manage.py", "import_contacts", str(path), "--source", "paper", "--collected-by", "Shop"]
    both = [
        subprocess.Popen(
            [*command, "--json"], cwd=settings.BASE_DIR, env=environment_of_this_test(), stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    reports = [json.loads(process.communicate(timeout=300)[0]) for process in both]

    assert [process.returncode for process in both] == [0, 0]
    assert Prospect.objects.count() == 13_200
    outcomes = [report["outcomes"] for report in reports]
    assert sum(outcome.get("created", 0) for outcome in outcomes) == 13_200
    assert sum(outcome.get("unchanged", 0) for outcome in outcomes) == 13_200
