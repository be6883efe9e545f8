"""The captcha of the public form: a little work that a browser does unseen, and that a flood of robots must pay for.

It speaks ALTCHA's protocol. A challenge is signed, ends after a while and buys one sending. Whoever brings no solution,
since the browser runs no script, is let through within a tighter limit, and never refused.
"""

import base64
import binascii
import json
import secrets
import time
from dataclasses import dataclass
from functools import cache
from typing import Any

from altcha import create_challenge, verify_solution
from django import forms
from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from prospects.turnstile import Take

FIELD = "proof"
# How hard one try is, for the server too, which makes each challenge by one try; how many tries is a setting.
_ITERATIONS = 1000
_LONGEST = 4000


class BadProof(ValueError):
    """No solution of a challenge of ours, or one that came too late."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A solution that was checked, not spent yet."""

    nonce: str
    expires_at: int

    def spend(self, stamp: str) -> Take:
        """Spend it on the sending with this stamp, and no other. Sent twice is still once."""
        return Take(f"proof:{self.nonce}", stamp, max(1, self.expires_at - int(time.time()) + 60))


class UnfilledInput(forms.HiddenInput):
    """A hidden input that a page never fills: what was sent before is spent."""

    def format_value(self, value: Any) -> None:
        return None


class ProvenForm(forms.Form):
    """A form with the hidden field in which a browser's work arrives."""

    proof: Proof | None = None

    def read_proof(self, text: str) -> None:
        """Keep the solution that was sent, if any; ask to send once more where it is none of ours."""
        if not text:
            return
        try:
            self.proof = read(text)
        except BadProof:
            self.refuse_proof()

    def refuse_proof(self) -> None:
        """Ask to send once more, with work of its own."""
        self.ask_again(
            _("The check that you are no robot took too long, or was used already. Please press the button once more.")
        )

    def ask_again(self, message: str) -> None:
        """Show the form once more, everything as the visitor left it."""
        self.add_error(None, message)


def proof_field() -> forms.CharField:
    """Return the hidden field in which a browser's work arrives."""
    return forms.CharField(required=False, max_length=_LONGEST, widget=UnfilledInput(attrs={"autocomplete": "off"}))


def challenge() -> dict[str, Any]:
    """Return a fresh challenge: find the one of `settings.CAPTCHA_WORK` numbers whose key begins as it says."""
    most = settings.CAPTCHA_WORK
    made = create_challenge(
        "PBKDF2/SHA-256",
        _ITERATIONS,
        counter=most // 2 + secrets.randbelow(most - most // 2) + 1,
        expires_at=int(time.time()) + settings.CAPTCHA_SECONDS,
        hmac_secret=_secret("challenge"),
        hmac_key_secret=_secret("solution"),  # a solution is then checked by one digest, and no work
    )
    return made.to_dict()


def read(text: str) -> Proof:
    """Return the solution that a browser sent. Raises BadProof."""
    result = verify_solution(text, _secret("challenge"), hmac_key_secret=_secret("solution"))
    if not result.verified:
        raise BadProof
    try:
        parameters = json.loads(base64.b64decode(text))["challenge"]["parameters"]
    except (binascii.Error, ValueError) as error:
        raise BadProof from error
    return Proof(parameters["nonce"], parameters["expiresAt"])


def _secret(use: str) -> bytes:
    return _derived(use, settings.SECRET_KEY)


@cache
def _derived(use: str, secret: str) -> bytes:
    return salted_hmac("prospects.proof_of_work", use, secret, algorithm="sha256").digest()
