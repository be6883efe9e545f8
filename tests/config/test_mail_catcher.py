"""The local mail catcher keeps every mail, delivers none, and shows them without letting them act."""

import smtplib
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from config.mail_catcher import store as mail_store
from config.mail_catcher.page import mail_page_server
from config.mail_catcher.smtp import smtp_server
from config.mail_catcher.store import MailStore
from tests.processes import free_port


@pytest.fixture
def store(tmp_path: Path) -> MailStore:
    return MailStore(tmp_path / "mail")


@pytest.fixture
def smtp_port(store: MailStore) -> Iterator[int]:
    port = free_port()
    server = smtp_server(store, port)
    server.start()
    yield port
    server.stop()


@pytest.fixture
def mail_page(store: MailStore) -> Iterator[str]:
    port = free_port()
    server = mail_page_server(store, port)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{port}"
    server.shutdown()
    server.server_close()
    thread.join()


def mail(subject: str = "Été <script>", text: str = "Lire https://loyal.example.test/a?b=1&c=2 <i>") -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "shop@example.test", "ada@example.test"
    message.set_content(text)
    message.add_alternative("<script>alert(1)</script><p>Été</p>", subtype="html")
    return message


def get(address: str, **headers: str) -> tuple[str, dict[str, str]]:
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as answer:
        return answer.read().decode(), dict(answer.headers)


def test_a_mail_is_kept_as_a_private_file_with_its_true_recipients(store: MailStore, smtp_port: int) -> None:
    with smtplib.SMTP("127.0.0.1", smtp_port) as client:
        client.send_message(mail(), to_addrs=["hidden@example.test"])
    [name] = store.names()
    kept = store.read(name)
    assert kept is not None
    assert (kept["Subject"], kept["X-Envelope-To"]) == ("Été <script>", "hidden@example.test")
    assert store.folder.stat().st_mode & 0o077 == 0


def test_only_the_latest_are_kept(store: MailStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_store, "KEPT", 3)
    names = [store.keep(bytes(mail(f"number {number}"))) for number in range(5)]
    assert store.names() == names[2:]


def test_the_list_and_the_mail_are_readable_and_escaped(store: MailStore, mail_page: str) -> None:
    name = store.keep(b"X-Envelope-To: ada@example.test\r\n" + bytes(mail()))
    listed, headers = get(mail_page)
    assert "ada@example.test" in listed
    assert "Été &lt;script&gt;" in listed
    assert "script-src" not in headers["Content-Security-Policy"]
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    shown, _ = get(f"{mail_page}/{name}")
    assert '<a href="https://loyal.example.test/a?b=1&amp;c=2"' in shown
    assert "<script>" not in shown


def test_a_mails_html_is_sandboxed(store: MailStore, mail_page: str) -> None:
    name = store.keep(bytes(mail()))
    shown, headers = get(f"{mail_page}/{name}/html")
    assert "<p>Été</p>" in shown
    assert headers["Content-Security-Policy"].startswith("sandbox allow-popups")
    assert "allow-scripts" not in headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["nothing", "..%2Fsecrets.json", "../secrets", "%00"])
def test_nothing_but_mails_can_be_asked_for(mail_page: str, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(f"{mail_page}/{path}")


def test_another_host_name_that_leads_here_is_refused(mail_page: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="403"):
        get(mail_page, Host="attacker.example.test")


@pytest.mark.parametrize(
    ("accepted", "said"), [("fr-FR,fr;q=0.9", "Aucun e-mail"), ("en", "No mail yet"), ("de", "Aucun e-mail")]
)
def test_it_speaks_french_and_english(mail_page: str, accepted: str, said: str) -> None:
    assert said in get(mail_page, **{"Accept-Language": accepted})[0]
