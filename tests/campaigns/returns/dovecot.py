"""Dovecot, a real IMAP server, run on loopback as our own process, with its own folder and a certificate of its own."""

import grp
import imaplib
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from tests.certificates import make_certificate
from tests.processes import free_port, wait_until

PROGRAM = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
USER, PASSWORD = "returns@example.test", "s3cret p@ss"
URL_USER = "returns%40example.test:s3cret%20p%40ss"

_CONFIGURATION = """
protocols = imap
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
listen = 127.0.0.1
ssl = required
ssl_cert = <{certificate}
ssl_key = <{key}
default_internal_user = {account}
default_internal_group = {group}
default_login_user = {account}
mail_location = maildir:{folder}/mails
first_valid_uid = 1
passdb {{
  driver = passwd-file
  args = scheme=plain {folder}/passwords
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {port_of_tls}
  }}
}}
"""


class Dovecot:
    """A running server and what lies in its mailbox."""

    def __init__(self, folder: Path, certificate: Path) -> None:
        self.maildir = folder / "mails"
        self.certificate = certificate
        self.port, self.port_of_tls = free_port(), free_port()

    def url(self, scheme: str = "imaps", *, user: str = URL_USER, trusting: bool = True) -> str:
        port = self.port_of_tls if scheme == "imaps" else self.port
        certificates = f"?certificates={self.certificate}" if trusting else ""
        return f"{scheme}://{user}@127.0.0.1:{port}/INBOX{certificates}"

    def deliver(self, *mails: bytes) -> None:
        with self._session() as session:
            for mail in mails:
                session.append("INBOX", "", "", mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))

    def unseen(self) -> int:
        with self._session() as session:
            session.select(readonly=True)
            return len(session.search(None, "UNSEEN")[1][0].split())

    @contextmanager
    def _session(self):
        trust = ssl.create_default_context(cafile=self.certificate)
        with imaplib.IMAP4_SSL("127.0.0.1", self.port_of_tls, ssl_context=trust, timeout=20) as session:
            session.login(USER, PASSWORD)
            yield session


@contextmanager
def dovecot():
    """Run Dovecot until the block ends. Root gives the mails to nobody, since Dovecot opens none of root's."""
    account = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    # Not in pytest's folder: only its owner may enter that, and the paths of sockets are short.
    with tempfile.TemporaryDirectory(prefix="dovecot-") as name:
        folder = Path(name)
        certificate, key = make_certificate(folder)
        server = Dovecot(folder, certificate)
        places = {"folder": folder, "certificate": certificate, "key": key}
        (folder / "passwords").write_text(f"{USER}:{PASSWORD}\n")
        (folder / "configuration").write_text(
            _CONFIGURATION.format(
                **places,
                account=account.pw_name,
                group=grp.getgrgid(account.pw_gid).gr_name,
                uid=account.pw_uid,
                gid=account.pw_gid,
                port=server.port,
                port_of_tls=server.port_of_tls,
            )
        )
        for path in (folder, *folder.iterdir()):
            os.chown(path, account.pw_uid, account.pw_gid)
        process = subprocess.Popen([PROGRAM, "-F", "-c", folder / "configuration"])
        try:
            wait_until(lambda: process.poll() is not None or _listens(server.port_of_tls))
            assert process.poll() is None, (folder / "log").read_text()
            yield server
        finally:
            process.terminate()
            process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as door:
        return door.connect_ex(("127.0.0.1", port)) == 0
