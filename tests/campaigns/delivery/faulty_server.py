"""An SMTP server that misbehaves as told, and logs what it accepted and when each transaction began."""

import asyncio
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes

Fault = str
# What a server may do to one mail. "" is to take it; any other refusal of a recipient is written "5xx … at RCPT".
FAULTS = [
    "421 at MAIL",
    "450 at RCPT",
    "550 at RCPT",
    "450 at DATA",
    "550 after the body",
    "421 after the body",
    "half-close at MAIL",
    "half-close after the body",
    "stall at RCPT",
    "stall after the body",
    "drop after DATA",
    "drop after the body",
    "accept, then reset",
    "rubbish",
]


@dataclass
class Accepted:
    """One mail that the server took."""

    recipient: str
    message_id: str
    began_at: float
    accepted_at: float


@dataclass
class FaultyServer:
    """A server for as long as a block lasts. `misbehave` is given each recipient and says what to do to that mail."""

    misbehave: Callable[[str], Fault] = lambda _recipient: ""
    pipelining: bool = True
    extensions: list[str] = field(default_factory=lambda: ["8BITMIME", "SIZE 10000000", "SMTPUTF8"])
    seconds_per_mail: float = 0
    may_answer: Callable[[], bool] = lambda: True  # until then, bodies wait for their answers
    accepted: list[Accepted] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    port: int = 0

    def __enter__(self) -> "FaultyServer":
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()
        self.hang_up()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def stop(self) -> None:
        """Refuse every further connection."""

        async def close() -> None:
            self._server.close()

        asyncio.run_coroutine_threadsafe(close(), self._loop).result()

    def hang_up(self) -> None:
        """Drop every connection."""

        async def end() -> None:
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self._loop).result()

    def start_again(self) -> None:
        """Listen again on the same port."""
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()

    @property
    def recipients(self) -> list[str]:
        return [mail.recipient for mail in self.accepted]

    async def _listen(self) -> asyncio.Server:
        server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the other side has gone, or the block ends
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def say(*lines: str) -> None:
            writer.write("".join(f"{line}\r\n" for line in lines).encode())

        say("220 faulty.example.test ESMTP")
        recipient, fault, began_at, open_to = "", "", 0.0, False
        while line := await reader.readline():
            command = line.decode().strip()
            self.commands.append(command)
            verb = command[:4].upper()
            if verb == "EHLO":
                extensions = [*self.extensions, *(["PIPELINING"] if self.pipelining else [])]
                say(*(f"250-{extension}" for extension in ["faulty.example.test", *extensions]), "250 HELP")
            elif verb == "MAIL":
                began_at, recipient, open_to = time.monotonic(), "", False
                # The recipient is known already where the commands came in one write: look ahead for its fate.
                say("250 2.1.0 Ok")
            elif verb == "RCPT":
                recipient = command.partition("<")[2].partition(">")[0]
                fault = self.misbehave(recipient)
                if fault == "421 at MAIL":
                    say("421 4.3.2 Shutting down")
                    return
                if fault == "half-close at MAIL":
                    writer.write_eof()
                    await reader.read()
                    return
                if fault == "stall at RCPT":
                    await asyncio.sleep(3600)
                if fault == "rubbish":
                    say("HTTP/1.1 400 Bad Request")
                elif fault == "450 at RCPT":
                    say("450 4.2.0 Try later")
                elif fault == "550 at RCPT":
                    say("550 5.1.1 No such user")
                elif fault.endswith(" at RCPT"):
                    say(fault.removesuffix(" at RCPT"))
                else:
                    open_to = True
                    say("250 2.1.5 Ok")
            elif verb == "DATA":
                if not open_to:
                    say("554 5.5.1 No valid recipients")
                    continue
                if fault == "450 at DATA":
                    say("450 4.3.0 Not now")
                    continue
                say("354 Go ahead")
                if fault == "drop after DATA":
                    await writer.drain()
                    return
                body = await self._body(reader)
                await asyncio.sleep(self.seconds_per_mail)
                while not self.may_answer():
                    await asyncio.sleep(0.01)
                if not await self._answer(body, recipient, fault, began_at, writer, say):
                    return
            elif verb == "QUIT":
                say("221 2.0.0 Bye")
                return
            else:  # RSET, NOOP
                say("250 2.0.0 Ok")

    async def _answer(
        self,
        body: bytes,
        recipient: str,
        fault: Fault,
        began_at: float,
        writer: asyncio.StreamWriter,
        say: Callable[..., None],
    ) -> bool:
        """Answer a whole mail; False where the connection ends."""
        if fault == "550 after the body":
            say("550 5.7.1 Refused for its content")
            return True
        if fault == "421 after the body":
            say("421 4.3.2 Shutting down")
            return False
        message_id = str(message_from_bytes(body)["Message-ID"])
        self.accepted.append(Accepted(recipient, message_id, began_at, time.monotonic()))
        if fault == "stall after the body":
            await asyncio.sleep(3600)
        if fault == "half-close after the body":
            writer.write_eof()
            return False
        if fault == "drop after the body":
            return False
        say("250 2.0.0 Kept")
        if fault == "accept, then reset":
            await writer.drain()
            linger = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            writer.transport.abort()
            return False
        return True

    @staticmethod
    async def _body(reader: asyncio.StreamReader) -> bytes:
        lines = []
        while (line := await reader.readuntil(b"\r\n")) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)
