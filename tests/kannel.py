"""The real Kannel on loopback: bearerbox, smsbox, and a fake operator that says what reaches phones."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.processes import free_port, wait_until

FAKE_OPERATOR = "/usr/lib/kannel/test/fakesmsc"
BOXES = tuple(
    next((path for path in (shutil.which(name), f"/usr/sbin/{name}") if path and Path(path).exists()), "")
    for name in ("bearerbox", "smsbox")
)
IS_MISSING = not all(BOXES) or not Path(FAKE_OPERATOR).exists()
WHY_MISSING = "no Kannel was found: “apt-get install kannel kannel-extras”"

_BEARERBOX = """
group = core
admin-port = {admin}
admin-password = secret
admin-interface = 127.0.0.1
smsbox-port = {smsbox}
smsbox-interface = 127.0.0.1
log-file = {folder}/bearerbox.log
log-level = 0
dlr-storage = internal
sms-resend-freq = 1

group = smsc
smsc = fake
smsc-id = fake
host = 127.0.0.1
port = {operator}
connect-allow-ip = 127.0.0.1
"""
_SMSBOX = """
group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {smsbox}
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
log-file = {folder}/smsbox.log
log-level = 0

group = sendsms-user
username = loyal
password = secret
max-messages = 10
concatenation = true

group = sms-service
keyword = default
get-url = "{incoming}?from=%p&to=%P&text=%a"
omit-empty = true
max-messages = 3
concatenation = true
catch-all = true
accept-x-kannel-headers = false
"""
_GOT = re.compile(r"Got message \d+: <(\S+) (\S+) (\S+) (.*)>$", re.MULTILINE)


class Kannel:
    """A gateway under test."""

    def __init__(self, folder: Path, incoming: str) -> None:
        self._folder = folder
        self._operator, self._calls = ExitStack(), 0
        self._ports = {name: free_port() for name in ("admin", "smsbox", "operator", "sendsms")}
        written = _BEARERBOX + _SMSBOX
        (folder / "kannel.conf").write_text(written.format(folder=folder, incoming=incoming, **self._ports))

    @property
    def url(self) -> str:
        return f"http://loyal:secret@127.0.0.1:{self._ports['sendsms']}/cgi-bin/sendsms"

    @contextmanager
    def running(self) -> Iterator[None]:
        conf = str(self._folder / "kannel.conf")
        with ExitStack() as stack:
            stack.enter_context(self._process(BOXES[0], conf))
            wait_until(lambda: "Start-up done" in self._log("bearerbox"), why="bearerbox did not start")
            stack.callback(self._hang_up)
            self.phones_say()
            stack.enter_context(self._process(BOXES[1], conf))
            wait_until(lambda: "Connected to bearerbox" in self._log("smsbox"), why="smsbox did not start")
            yield

    def phones_say(self, *texts: str) -> None:
        """Connect the operator anew, with texts from phones to hand over: “from to text words”."""
        self._hang_up()
        self._calls += 1
        heard = self._folder / f"operator-{self._calls}.log"
        said = ["-m", str(len(texts)), "-i", "0.05", *texts] if texts else ["-m", "0", "1 2 text none"]
        self._operator = ExitStack()
        command = (FAKE_OPERATOR, "-H", "127.0.0.1", "-r", str(self._ports["operator"]), *said)
        self._operator.enter_context(self._process(*command, log=heard))

    def _hang_up(self) -> None:
        self._operator.close()

    def texts(self) -> list[tuple[str, str, str]]:
        """What reached phones: from, to, words."""
        logs = sorted(self._folder.glob("operator-*.log"))
        found = _GOT.findall("".join(path.read_text(errors="replace") for path in logs))
        return [(sender, to, words) for sender, to, _kind, words in found]

    def _log(self, name: str) -> str:
        path = self._folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    @contextmanager
    def _process(self, *command: str, log: Path | None = None) -> Iterator[None]:
        with (log or self._folder / "output.log").open("a") as output:
            process = subprocess.Popen(command, stdout=output, stderr=output, cwd=self._folder)
            try:
                yield
            finally:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


@contextmanager
def kannel(incoming: str) -> Iterator[Kannel]:
    """Run a gateway until the block ends, which hands over texts from phones at this address."""
    with tempfile.TemporaryDirectory(prefix="loyal-kannel-") as folder:
        gateway = Kannel(Path(folder), incoming)
        with gateway.running():
            yield gateway
