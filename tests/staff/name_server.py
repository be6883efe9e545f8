"""A real DNS server on a free port, for as long as a block lasts."""

import socket
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


class NameServer:
    """Answers TXT questions from a table; a name that is not in it does not exist."""

    def __init__(self, texts):
        self.texts = texts
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._socket.sendto(b"stop", self._socket.getsockname())
        self._thread.join()
        self._socket.close()

    def _serve(self):
        while (asked := self._socket.recvfrom(4096))[0] != b"stop":
            query = dns.message.from_wire(asked[0])
            name = query.question[0].name
            answer = dns.message.make_response(query)
            found = self.texts.get(name.to_text(omit_final_dot=True), [])
            if found:
                answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *[_quoted(text) for text in found]))
            else:
                answer.set_rcode(dns.rcode.NXDOMAIN)
            self._socket.sendto(answer.to_wire(), asked[1])


def _quoted(text):
    """A text in the pieces of 255 that a record is made of."""
    return " ".join(f'"{text[at : at + 255]}"' for at in range(0, len(text), 255))
