"""One connection to a mail server, on which mails follow each other without waiting (RFC 5321, PIPELINING RFC 2920).

A mail's body, its final dot and the next mail's MAIL, RCPT and DATA leave in one write, so that each mail costs one
round trip. What the wire told, and nothing else, decides how a mail ended.
"""

import contextlib
import re
import smtplib
import socket
import ssl
import time
from collections import deque
from dataclasses import dataclass
from enum import Enum, auto
from typing import Generic, NamedTuple, Protocol, TypeVar

from django.conf import settings

from campaigns.delivery.replies import NotSmtp, Replies, Reply
from campaigns.delivery.servers import Server

Key = TypeVar("Key")

_WOULD_BLOCK = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
_CLOSING = 421
_GO_AHEAD = 354
_READ_BYTES = 64 * 1024
# The answers to a body and to the MAIL, RCPT and DATA that followed it, each on one line.
_ALL_WELL = re.compile(rb"(?:250 [^\r\n]*\r\n){3}354 [^\r\n]*\r\n")


@dataclass(slots=True, eq=False)
class Mail(Generic[Key]):
    """One mail as the wire takes it."""

    key: Key
    sender: bytes
    recipient: bytes
    data: bytes  # lines ended by CRLF
    utf8: bool = False  # an address needs SMTPUTF8 (RFC 6531)
    body_ends_at: int = 0  # among all bytes written to its connection


class End(Enum):
    """How a mail ended on the wire."""

    SENT = auto()
    LATER = auto()  # the server says: not now
    REFUSED = auto()  # the server says: never
    UNKNOWN = auto()  # the whole mail left, no answer came
    BACK = auto()  # it surely was not accepted, and nobody refused it


class Step(Enum):
    """What an answer is about."""

    MAIL = auto()
    RCPT = auto()
    DATA = auto()
    BODY = auto()
    EMPTY = auto()
    RESET = auto()
    NOOP = auto()


class Ended(NamedTuple, Generic[Key]):
    """How one mail ended, at which step, and in whose words."""

    mail: Mail[Key]
    end: End
    step: Step
    reason: str = ""
    status: str = ""


class Desk(Protocol[Key]):
    """Who hands out mails and hears how they ended."""

    def take(self, server: Server) -> Mail[Key] | None:
        """The next mail for this server, if one may begin now."""

    def may_leave(self, mail: Mail[Key]) -> bool:
        """Whether this mail may still leave, asked when its body is about to; the desk notes why not."""

    def ended(self, ended: Ended[Key]) -> None:
        """Hear how a mail ended."""


class Closed(Exception):
    """The connection is of no more use; the message says why."""


class Conversation(Generic[Key]):
    """One open connection: what was asked of the server, in order, and which mail each answer will be about."""

    def __init__(self, server: Server, smtp: smtplib.SMTP) -> None:
        if smtp.sock is None:
            raise Closed("connection_lost")
        self.server = server
        self.socket = smtp.sock
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._smtp = smtp  # keeps the socket's file open
        self._desk: Desk[Key]
        self._encrypted = isinstance(smtp.sock, ssl.SSLSocket)
        self._pipelining = smtp.has_extn("pipelining")
        self._utf8 = smtp.has_extn("smtputf8")
        self._announces_size = smtp.has_extn("size")
        self._size_limit = int(smtp.esmtp_features.get("size") or 0) if self._announces_size else 0
        self._replies = Replies()
        self._awaited: deque[tuple[Step, Mail[Key] | None]] = deque()
        self._held_back: deque[bytes] = deque()  # commands that wait for an answer, without PIPELINING
        self._outgoing = memoryview(b"")
        self._written = self._queued = 0
        self._refusal: tuple[Step, Reply] | None = None
        self._needs_reset = False
        self._mails_left = server.renew_after
        self.proved = False  # the server has accepted a mail on it
        self.heard_at = time.monotonic()

    @property
    def idle(self) -> bool:
        return not self._awaited

    @property
    def spent(self) -> bool:
        """Whether it carried as many mails as one connection should."""
        return self._mails_left <= 0

    @property
    def wants_to_write(self) -> bool:
        return bool(self._outgoing)

    @property
    def overdue(self) -> bool:
        """Whether the server has kept us waiting too long."""
        if self.idle:
            return False
        patience = settings.SENDING_BODY_SECONDS if self._awaited[0][0] is Step.BODY else settings.SENDING_REPLY_SECONDS
        return time.monotonic() - self.heard_at > patience

    def work_for(self, desk: Desk[Key]) -> None:
        """Take mails from this desk from now on, and begin the first, if it has one."""
        self._desk = desk
        self._begin()

    def keep_alive(self) -> None:
        """Show a server that would hang up on silence that we are still there."""
        self._awaited.append((Step.NOOP, None))
        self._write(b"NOOP\r\n")

    def quit(self) -> None:
        """Say goodbye, without waiting for the answer."""
        with contextlib.suppress(OSError):  # the server may have been faster
            self.socket.send(b"QUIT\r\n")
        self._smtp.close()

    def lose(self, reason: str) -> None:
        """Close, and say of each mail under way what the wire allows to say."""
        self._smtp.close()
        told = set()
        for step, mail in self._awaited:
            if mail is None or id(mail) in told:
                continue
            told.add(id(mail))
            if step is Step.BODY and self._written >= mail.body_ends_at:
                self._desk.ended(Ended(mail, End.UNKNOWN, step, reason))
            else:
                self._desk.ended(Ended(mail, End.BACK, step, reason))
        self._awaited.clear()

    def go_on(self) -> None:
        """Write what waits and take what came. Raises Closed."""
        if self._outgoing:
            self.write()
        self.read()

    def write(self) -> None:
        """Write what waits, as far as the socket takes it. Raises Closed."""
        try:
            while self._outgoing:
                count = self.socket.send(self._outgoing)
                self._written += count
                self._outgoing = self._outgoing[count:]
        except _WOULD_BLOCK:
            pass
        except OSError as error:
            raise Closed(f"connection_lost: {error}") from error

    def read(self) -> None:
        """Take the answers that came and go on from each. Raises Closed."""
        try:
            while True:
                data = self.socket.recv(_READ_BYTES)
                if not data:
                    raise Closed("connection_lost")
                self.heard_at = time.monotonic()
                if not self._hear_all_well(data):
                    for reply in self._replies.feed(data):
                        self._hear(reply)
                if not self._encrypted:  # what TLS has decrypted already wakes no selector
                    break
        except _WOULD_BLOCK:
            pass
        except OSError as error:
            raise Closed(f"connection_lost: {error}") from error
        except NotSmtp as error:
            raise Closed(f"not_smtp: {error}") from error

    # ---- The dialogue ----

    def _begin(self) -> None:
        mail = self._take()
        if mail is not None:
            self._write(self._envelope(mail))

    def _take(self) -> Mail[Key] | None:
        if self.spent:
            return None
        mail = self._desk.take(self.server)
        while mail is not None and (unfit := self._unfit(mail)):
            self._desk.ended(Ended(mail, End.REFUSED, Step.MAIL, unfit))
            mail = self._desk.take(self.server)
        return mail

    def _unfit(self, mail: Mail[Key]) -> str:
        """Why this server cannot take a mail whatever happens, as far as it has told."""
        if mail.utf8 and not self._utf8:
            return "no_smtputf8"
        if self._size_limit and len(mail.data) > self._size_limit:
            return "too_large"
        return ""

    def _envelope(self, mail: Mail[Key]) -> bytes:
        """The commands that open a mail's transaction; without PIPELINING the first, the others wait."""
        self._mails_left -= 1
        self._refusal = None
        options = (b" SIZE=%d" % len(mail.data) if self._announces_size else b"") + (b" SMTPUTF8" if mail.utf8 else b"")
        commands = [
            (Step.MAIL, b"MAIL FROM:<%b>%b\r\n" % (mail.sender, options)),
            (Step.RCPT, b"RCPT TO:<%b>\r\n" % mail.recipient),
            (Step.DATA, b"DATA\r\n"),
        ]
        if self._needs_reset:
            commands.insert(0, (Step.RESET, b"RSET\r\n"))
            self._needs_reset = False
        self._awaited.extend((step, mail) for step, _command in commands)
        if self._pipelining:
            return b"".join(command for _step, command in commands)
        self._held_back.extend(command for _step, command in commands[1:])
        return commands[0][1]

    def _hear_all_well(self, data: bytes) -> bool:
        """Hear in one go what a server nearly always says: it took the mail, and goes ahead with the next.

        True where these bytes are that, and nothing else was awaited; the long way says the same of them.
        """
        awaited = self._awaited
        if len(awaited) != 4 or awaited[0][0] is not Step.BODY or self._refusal or self._replies.begun:
            return False
        if not _ALL_WELL.fullmatch(data):
            return False
        (_body, taken), *_steps, (_data, following) = awaited
        if taken is None or following is None:
            return False
        awaited.clear()
        self.proved = True
        self._desk.ended(Ended(taken, End.SENT, Step.BODY))
        self._send_body(following)
        return True

    def _hear(self, reply: Reply) -> None:
        if not self._awaited:
            raise Closed(str(reply))
        step, mail = self._awaited[0]
        if reply.code == _CLOSING:
            raise Closed(str(reply)) if step is not Step.BODY else self._refused_at_closing(reply)
        if reply.code < 400 and reply.accepted == (step is Step.DATA):
            raise Closed(f"not_smtp: {reply}")  # "go ahead" is the answer to DATA, and to nothing else
        self._awaited.popleft()
        if mail is None:
            if step is Step.NOOP and not reply.accepted:
                raise Closed(str(reply))
        elif step is Step.BODY:
            self._end(mail, step, reply)
        elif step is Step.DATA:
            self._hear_data(mail, reply)
            return
        elif step is not Step.RESET and not reply.accepted:
            self._refusal = self._refusal or (step, reply)
            if not self._pipelining:
                self._give_up(mail, step, reply)
                return
        if self._held_back:
            self._write(self._held_back.popleft())
        elif self.idle:
            self._begin()

    def _refused_at_closing(self, reply: Reply) -> Closed:
        """A server that hangs up instead of accepting a body has not taken it."""
        step, mail = self._awaited.popleft()
        if mail is not None:
            self._end(mail, step, reply)
        return Closed(str(reply))

    def _hear_data(self, mail: Mail[Key], reply: Reply) -> None:
        going_ahead = reply.code == _GO_AHEAD
        if going_ahead and self._refusal is None:
            self._send_body(mail)
            return
        self._conclude_refusal(mail, *(self._refusal or (Step.DATA, reply)))
        if going_ahead:  # a server may let DATA pass with nobody to deliver to (RFC 2920, 3.1)
            self._awaited.append((Step.EMPTY, None))
            self._write(b".\r\n")
        else:
            self._begin()

    def _send_body(self, mail: Mail[Key]) -> None:
        if not self._desk.may_leave(mail):
            # Hanging up before the final dot is the one way to take a mail back.
            raise Closed("taken_back")
        data = mail.data.replace(b"\r\n.", b"\r\n..")
        if data.startswith(b"."):
            data = b"." + data
        self._awaited.append((Step.BODY, mail))
        parts = [data, b".\r\n"]
        mail.body_ends_at = self._queued + len(data) + 3
        if self._pipelining and (following := self._take()) is not None:
            parts.append(self._envelope(following))
        self._write(b"".join(parts))

    def _give_up(self, mail: Mail[Key], step: Step, reply: Reply) -> None:
        """Without PIPELINING, ask nothing more about a refused mail."""
        while self._awaited and self._awaited[0][1] is mail:
            self._awaited.popleft()
        self._held_back.clear()
        self._conclude_refusal(mail, step, reply)
        self._begin()

    def _conclude_refusal(self, mail: Mail[Key], step: Step, reply: Reply) -> None:
        self._needs_reset = True
        self._end(mail, step, reply)

    def _end(self, mail: Mail[Key], step: Step, reply: Reply) -> None:
        if reply.accepted:
            self.proved = True
            self._desk.ended(Ended(mail, End.SENT, step))
        else:
            end = End.REFUSED if reply.final else End.LATER
            self._desk.ended(Ended(mail, end, step, str(reply), reply.status))

    def _write(self, data: bytes) -> None:
        if self.idle:
            self.heard_at = time.monotonic()
        self._queued += len(data)
        self._outgoing = memoryview(bytes(self._outgoing) + data) if self._outgoing else memoryview(data)
        self.write()
