"""How tests use rights: as a browser does, and as whoever reads the mailbox."""

import re
from typing import Any

from django.test import Client

from prospects.rights.mails import send_due_rights_mails
from tests.mailbox import Mailbox, text_of


def ask(client: Client, right: str, address: str = "camille@example.test") -> Any:
    """Send the form of the public page."""
    return client.post("/rights/", {"right": right, "address": address})


def link_in(mailbox: Mailbox, address: str = "camille@example.test") -> str:
    """The path of the latest link mailed to an address."""
    send_due_rights_mails()
    told = "\n".join(map(text_of, mailbox.to(address)))
    return str(re.findall(r"https?://[^/\s]+(/rights/(?:link|file)/\S+)", told)[-1])


def ask_and_press(client: Client, mailbox: Mailbox, right: str, **typed: str) -> Any:
    """Ask, open the link of the mail, and press its button; follow to where it leads."""
    ask(client, right)
    return client.post(link_in(mailbox), typed, follow=True)
