"""After an erasure nothing that Loyal still keeps names the person: a dump of everything is searched."""

import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.utils import timezone

from campaigns.delivery.bounces import note_refusals
from campaigns.delivery.claim import Claimed
from campaigns.delivery.outcomes import Outcome
from campaigns.delivery.record import record
from campaigns.models import Bounce, Message, Reply
from campaigns.returns.take_in import take_in as receive
from campaigns.returns.understand import understand
from config.embedded.account import server_account
from config.embedded.programs import postgresql_programs
from config.mail_catcher.store import MailStore
from consent.stop_links import stop_token
from consent.vocabulary import Channel, Medium
from prospects.dealings import record_call, record_purchase, record_request
from prospects.intake import Person, Provenance, take_in
from prospects.models import CallAttempt, ContactDetail, InformationRequest, LegalHold, Prospect, Purchase
from prospects.retention import erase_person, erase_silent_prospects
from prospects.staying import ask_who_wants_to_stay
from tests.campaigns.returns.mails import reply, report
from tests.factories import make_form, make_message, make_organisation
from tests.prospects.imports.files import bring_in
from tests.prospects.signing_up import send, sign_up_and_confirm

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not hasattr(settings, "EMBEDDED_SERVICES"), reason="reads the embedded servers' state"),
]

# Words that no other test or run uses: whatever else the state folder keeps is not this person's.
LAST_NAME = f"Oubli{uuid4().hex[:10]}"
EMAIL = f"zoe.{LAST_NAME.lower()}@example.test"
PHONE = f"+331990{uuid4().int % 100_000:05}"
TRACES = [LAST_NAME.lower(), PHONE.removeprefix("+33")]


def everything() -> Iterator[tuple[str, bytes]]:
    """All that is kept: the database as a dump, every key of Valkey, every file of the state folder."""
    services = settings.EMBEDDED_SERVICES
    pg_dump = postgresql_programs(services.places.var_dir, server_account()) / "pg_dump"
    address = services.database_url.replace("/loyal?", f"/{connection.settings_dict['NAME']}?")
    dump = subprocess.run([str(pg_dump), "--inserts", "--dbname", address], capture_output=True, check=True)
    for line in dump.stdout.splitlines():
        yield "database", line
    for number in (0, 1):
        with redis.Redis(unix_socket_path=str(services.places.valkey_socket), db=number) as client:
            for key in client.scan_iter():
                yield f"Valkey {number}", key + b" " + (client.dump(key) or b"")
    for path in sorted(Path(settings.VAR_DIR).rglob("*")):
        # The servers' own files hold what the dump and the keys show.
        if path.is_file() and not {"postgresql", "valkey", "run"} & set(path.relative_to(settings.VAR_DIR).parts[:1]):
            yield str(path), str(path).encode() + b" " + path.read_bytes()


def traces() -> list[str]:
    """Where one of the person's words is still to be found, and the words around it."""
    return [
        f"{place}: {content[:300]!r}"
        for place, content in everything()
        for trace in TRACES
        if trace.encode() in content.lower()
    ]


@pytest.fixture
def caught(mailbox) -> Iterator[MailStore]:
    store = MailStore(Path(settings.VAR_DIR) / "mail")
    yield store
    for name in store.names():
        store._path(name).unlink()


def keep_caught(store: MailStore, mailbox: object) -> None:
    """Show in the local catcher whatever was mailed."""
    for mail in mailbox:  # type: ignore[attr-defined]
        store.keep(mail.as_bytes())


def sent_and_answered(detail: ContactDetail, *, at: datetime) -> None:
    """Write to somebody whose address is refused, comes back, and who answers: servers name the address in words."""
    message = make_message(detail=detail, status="sending", message_id=uuid4(), lease_until=at)
    Message.objects.filter(pk=message.pk).update(message_id=UUID(int=message.pk << 64 | uuid4().int % 2**64))
    message.refresh_from_db()
    refused = f"550 5.1.1 <{EMAIL}>: Recipient address rejected"
    outcome = Outcome(
        Claimed(message.pk, detail.pk, message.message_id, 0), Message.Status.FAILED, reason=refused, bounce="complaint"
    )
    record([outcome], at=at)
    note_refusals([outcome], at=at)
    full = f"452 4.2.2 <{EMAIL}>: mailbox full"
    for mail in (
        report(message, action="delayed", status="4.2.2", diagnosis=full),
        reply(message, f"Merci et à bientôt, {LAST_NAME}"),
    ):
        assert receive(understand(mail), at=at)
    assert (Reply.objects.count(), Bounce.objects.count()) == (1, 2)


@pytest.fixture
def known_everywhere(client, admin_client, mailbox, caught) -> Prospect:
    """Somebody who left a trace wherever Loyal lets people leave one."""
    make_organisation()
    form = make_form(asks_name=True)
    first_name, last_name = "Zoé", LAST_NAME
    typed = {"first_name": first_name, "last_name": last_name}
    sign_up_and_confirm(client, mailbox, form, EMAIL, tick=form.notice.boxes.all(), **typed)
    send(client, form, tick=form.notice.boxes.all(), email=EMAIL, **typed)  # and once more, never confirmed
    detail = ContactDetail.objects.get()
    prospect = detail.prospect

    now = timezone.now()
    person = Person(first_name=first_name, last_name=last_name)
    paper = Provenance("paper", now, collected_by="Shop", informed=True, evidence={"scan": "17"})
    take_in(person, {Medium.EMAIL: EMAIL, Medium.PHONE: PHONE}, paper, at=now, door="staff")
    record_purchase(Purchase(prospect=prospect, family="garden", at=now, reference="F-1"))
    record_call(CallAttempt(prospect=prospect, at=now, outcome="refused", note=f"{last_name} declined"), noted_by="ana")
    record_request(
        InformationRequest(prospect=prospect, families=["garden"], at=now, evidence=f"letter of {last_name}")
    )
    LegalHold.objects.create(prospect=prospect, reason=f"claim of {last_name}", starts_at=now, ends_at=now)
    bring_in(f"email;nom\n{EMAIL};{last_name}\nlea@example.test;Autre\n", at=now, collected_on="2026-11-01")
    bring_in(
        f"email;nom\n {EMAIL.upper()} ;{last_name};one cell too many;and another\n", at=now, collected_on="2026-11-01"
    )

    token = stop_token(detail.address_key, Channel.EMAIL, form.notice.boxes.get().purpose_id)
    client.get(f"/p/{token}/")
    client.post(f"/p/{token}/link/")
    page = f"/admin/prospects/prospect/{prospect.pk}/"
    admin_client.get("/admin/prospects/prospect/", {"q": last_name})
    admin_client.get(page)
    admin_client.post(
        f"{page}objection/", {"told_by": "letter", "at_0": "2026-01-02", "at_1": "10:00", "reference": "7"}
    )
    sent_and_answered(detail, at=now)
    keep_caught(caught, mailbox)
    return prospect


def test_nothing_names_somebody_who_asked_to_be_erased(known_everywhere):
    places = " ".join(traces())
    assert all(place in places for place in ("database", "/mail/", "/uploads/")), "the search finds what is there"

    erase_person(known_everywhere, timezone.now())

    assert traces() == []
    assert Message.objects.get().status == "failed"


def test_nothing_names_somebody_whom_the_purge_erased(known_everywhere, mailbox, caught):
    in_three_years = timezone.now().replace(year=timezone.now().year + 3)
    ask_who_wants_to_stay(in_three_years.replace(day=1))
    keep_caught(caught, mailbox)
    known_everywhere.holds.all().delete()

    run = erase_silent_prospects(in_three_years)

    assert run.erased_prospects == 2
    assert [trace for trace in traces() if "pendingsignup" not in trace] == []
