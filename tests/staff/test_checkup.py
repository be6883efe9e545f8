"""The check page: what was seen, and its mend; a real DNS server and real mail servers answer."""

import time
from io import StringIO

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import translation

from campaigns.delivery import dkim
from config.beat import PULSE
from staff.checkup import machine, names, probes, servers
from staff.checkup.line import State, green
from staff.checkup.probes import PROBES, Probe, run
from tests.factories import make_organisation, make_sender
from tests.processes import free_port
from tests.staff.name_server import NameServer


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture(params=["rsa", "ed25519"])
def key(request, tmp_path, settings):
    private = generate_private_key(65537, 2048) if request.param == "rsa" else Ed25519PrivateKey.generate()
    path = tmp_path / f"{time.time_ns()}.pem"
    path.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    settings.DKIM_KEYS = {"november": str(path)}
    return dkim.keys()[0]


def states(settings, texts, domain="lettre.example.test"):
    with NameServer(texts) as server:
        settings.DNS_RESOLVER = server.address
        return {str(line.title).split()[0]: line for line in names.look(domain)}


def test_a_domain_that_says_all_three_is_green(settings, key):
    found = states(
        settings,
        {
            "lettre.example.test": ["v=spf1 include:mail.example.test -all", "something else"],
            "november._domainkey.lettre.example.test": [f"v=DKIM1; k=rsa; p={names._public(key)}"],
            "_dmarc.example.test": ["v=DMARC1; p=none"],
        },
    )

    assert {name: line.state for name, line in found.items()} == dict.fromkeys(("SPF", "DKIM", "DMARC"), State.GREEN)


def test_a_domain_that_says_nothing_is_red_with_what_to_publish(settings, key):
    found = states(settings, {})

    assert {line.state for line in found.values()} == {State.RED}
    assert names._public(key) in found["DKIM"].mend
    assert "_dmarc.lettre.example.test TXT" in found["DMARC"].mend


def test_another_key_than_ours_is_red(settings, key):
    found = states(settings, {"november._domainkey.lettre.example.test": ["v=DKIM1; p=AAAA"]})

    assert found["DKIM"].state == State.RED
    assert "another key" in found["DKIM"].seen


@pytest.mark.parametrize(
    ("records", "state"),
    [
        (["v=spf1 -all"], State.GREEN),
        (["v=spf1 mx ~all"], State.GREEN),
        (["v=spf1 ?all"], State.AMBER),
        (["v=spf1 +all"], State.RED),
        (["v=spf1 -all", "v=spf1 mx -all"], State.RED),
    ],
)
def test_what_an_spf_record_says_is_read(settings, records, state):
    assert states(settings, {"lettre.example.test": records})["SPF"].state == state


def test_the_servers_of_the_return_path_are_those_that_spf_is_about(settings):
    settings.RETURN_PATH = "retours@retours.example.test"

    assert states(settings, {"retours.example.test": ["v=spf1 -all"]})["SPF"].state == State.GREEN


def test_where_nobody_signs_the_line_is_red_unless_the_server_does(settings):
    assert states(settings, {})["DKIM"].state == State.RED

    settings.DKIM_SIGNED_BY_SERVER = True
    assert states(settings, {})["DKIM"].state == State.GREEN


def test_the_domain_of_each_active_sender_is_looked_at(settings, db):
    make_organisation(sender_email="lettre@lettre.example.test")
    make_sender(address="a@ateliers.example.test")
    make_sender(address="b@Ateliers.example.test")
    make_sender(address="c@ancien.example.test", is_active=False)
    with NameServer({"lettre.example.test": ["v=spf1 -all"]}) as server:
        settings.DNS_RESOLVER = server.address
        found = {str(line.title): line.state for line in run(PROBES["names"])}

    assert found["lettre.example.test · SPF"] == State.GREEN
    assert found["ateliers.example.test · SPF"] == State.RED
    assert {title.partition(" · ")[0] for title in found} == {"lettre.example.test", "ateliers.example.test"}


def test_a_name_server_that_does_not_answer_is_red(settings, monkeypatch):
    monkeypatch.setattr(names, "SECONDS", 0.2)
    settings.DNS_RESOLVER = f"127.0.0.1:{free_port()}"

    assert {line.state for line in names.look("example.test")} == {State.RED}


def test_a_mail_server_that_answers_is_green_and_one_that_does_not_is_red(settings, mail_server):
    settings.OUTGOING_SERVERS = [f"smtp://127.0.0.1:{mail_server.port}", f"smtp://127.0.0.1:{free_port()}"]

    answering, silent = servers.look()

    assert (answering.state, silent.state) == (State.GREEN, State.RED)
    assert "firewall" in silent.mend


def test_no_line_shows_a_password(settings, mail_server):
    settings.OUTGOING_SERVERS = [f"smtp://loyal:s3cret-word@127.0.0.1:{mail_server.port}"]

    (line,) = servers.look()

    assert line.state == State.RED
    assert "s3cret-word" not in f"{line.title}{line.seen}{line.mend}"


@pytest.mark.django_db
def test_the_clock_is_red_until_it_ticks_and_once_it_is_late():
    from django.core.cache import cache

    assert next(machine.beat()).state == State.RED
    cache.set(PULSE, time.time())
    assert next(machine.beat()).state == State.GREEN
    cache.set(PULSE, time.time() - 3600)
    assert next(machine.beat()).state == State.RED


@pytest.mark.django_db
def test_workers_that_nobody_started_are_red():
    (line,) = machine.workers()

    assert line.state == State.RED


def test_a_worker_that_answers_is_green(celery_processes):
    (line,) = machine.workers()

    assert line.state == State.GREEN


@pytest.mark.parametrize(
    ("site", "state"),
    [
        ("https://loyal.example.test", State.GREEN),
        ("http://loyal.example.test", State.AMBER),
        ("http://localhost:8000", State.AMBER),
        ("https://other.example.test", State.RED),
    ],
)
def test_the_site_address_is_one_that_readers_can_follow(settings, site, state):
    settings.SITE_URL = site

    assert next(machine.address()).state == state


def test_secrets_of_a_local_installation_are_pointed_out_and_not_shown(settings):
    settings.SECRET_KEY = "local-only-abcdef"

    line = next(machine.secrets())

    assert line.state == State.AMBER
    assert "abcdef" not in f"{line.seen}{line.mend}"


def test_a_check_that_breaks_or_hangs_is_a_red_line(monkeypatch):
    def breaks():
        raise RuntimeError("with a s3cret-word")

    (line,) = run(Probe("broken", "Broken", breaks))
    assert (line.state, line.seen) == (State.RED, "RuntimeError")

    monkeypatch.setattr(probes, "SECONDS", 0.01)
    (line,) = run(Probe("slow", "Slow", lambda: (time.sleep(0.5), [green("Slow")])[1]))
    assert line.state == State.RED


@pytest.mark.django_db
def test_the_page_runs_each_check_beside_it_or_all_without_scripts(admin_client, settings, monkeypatch):
    monkeypatch.setattr(names, "SECONDS", 0.2)
    settings.DNS_RESOLVER = f"127.0.0.1:{free_port()}"
    make_organisation()

    page = admin_client.get(reverse("checkup")).content.decode()
    assert all(reverse("checkup_part", args=[name]) in page for name in PROBES)
    assert "PostgreSQL" in admin_client.get(reverse("checkup_part", args=["database"])).content.decode()
    assert admin_client.get(reverse("checkup_part", args=["nothing"])).status_code == 404

    without_scripts = admin_client.get(reverse("checkup") + "?all").content.decode()
    assert without_scripts.count('class="check is-') >= len(PROBES)


@pytest.mark.django_db
def test_the_command_prints_the_same_and_fails_where_something_is_wrong(settings, monkeypatch):
    monkeypatch.setattr(names, "SECONDS", 0.2)
    settings.DNS_RESOLVER = f"127.0.0.1:{free_port()}"
    printed = StringIO()

    with pytest.raises(CommandError, match="to mend"):
        call_command("check_setup", stdout=printed)

    assert "PostgreSQL" in printed.getvalue()
    assert "WRONG  Sender: no sender" in printed.getvalue()
