"""What production settings demand of the environment, gathered so that one message names everything that is wrong."""

import hashlib
import hmac
from urllib.parse import urlsplit

import environ

from config.embedded.local_secrets import LOCAL_PREFIX
from config.settings import SettingsRefused

SHORTEST_SECRET = 32
# A secret with fewer different characters was typed, not drawn.
FEWEST_CHARACTERS = 10
DEMO_WORDS = ("insecure", "change-me", "changeme", "example", "demo", "for tests only", "your-secret")
MAKE_ONE = "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"


class Demands:
    """Read the environment, note what is missing or weak, and refuse it all at once."""

    def __init__(self, env: environ.Env) -> None:
        self._env = env
        self._wrongs: list[str] = []
        self._secrets: dict[str, str] = {}

    def address(self, name: str, *schemes: str) -> str:
        """Give an address, which must be there and begin with one of these schemes."""
        value: str = self._env.str(name, default="").strip()
        wanted = " or ".join(f"{scheme}://" for scheme in schemes)
        if not value:
            self._wrongs.append(f"{name} is missing: an address that begins with {wanted}")
        elif urlsplit(value).scheme not in schemes:
            self._wrongs.append(f"{name} must begin with {wanted}")
        return value

    def hosts(self, name: str, *, site: str) -> list[str]:
        """Give the host names served, which must be named one by one and hold the site's own."""
        value: list[str] = [host.strip() for host in self._env.list(name, default=[]) if host.strip()]
        host = urlsplit(site).hostname
        if not value:
            self._wrongs.append(f"{name} is missing: the site's host names, separated by commas")
        elif "*" in value:
            self._wrongs.append(f"{name} must name the site's hosts; “*” lets anybody write the links in Loyal's mails")
        elif host and not any(host == name or (name[0] == "." and host.endswith(name)) for name in value):
            self._wrongs.append(f"{name} must hold {host}, the host of SITE_URL")
        return value

    def secret(self, name: str, *, optional: bool = False) -> str:
        """Give a secret, which must be there unless optional, long, drawn at random and used for one thing only."""
        value: str = self._env.str(name, default="")
        if value or not optional:
            self._judge(name, value)
        return value

    def numbered_secrets(self, name: str) -> dict[int, str]:
        """Give secrets under their numbers: "1=…,2=…"."""
        secrets: dict[int, str] = {}
        for entry in self._env.list(name, default=[]):
            number, _, value = entry.partition("=")
            if not number.strip().isdecimal():
                self._wrongs.append(f"{name} must read 1=…,2=…: a number before each secret")
                continue
            secrets[int(number)] = value
            self._judge(f"{name}, number {number}", value)
        return secrets

    def enforce(self) -> None:
        """Refuse to start, and say all that is wrong."""
        if self._wrongs:
            raise SettingsRefused("Loyal does not start in production:\n- " + "\n- ".join(self._wrongs))

    def _judge(self, name: str, value: str) -> None:
        if not value:
            self._wrongs.append(f"{name} is missing: {MAKE_ONE}")
        elif value.startswith(LOCAL_PREFIX):
            self._wrongs.append(f"{name} comes from a local installation's var/secrets.json: {MAKE_ONE}")
        elif any(word in value.lower() for word in DEMO_WORDS):
            self._wrongs.append(f"{name} is a demo secret: {MAKE_ONE}")
        elif len(value) < SHORTEST_SECRET:
            self._wrongs.append(f"{name} is too short, {len(value)} characters of {SHORTEST_SECRET}: {MAKE_ONE}")
        elif len(set(value)) < FEWEST_CHARACTERS:
            self._wrongs.append(f"{name} is easily guessed: {MAKE_ONE}")
        elif value in self._secrets:
            self._wrongs.append(f"{name} is the same as {self._secrets[value]}: {MAKE_ONE}")
        self._secrets[value] = name


def derived_secret(secret: str, label: str) -> str:
    """Derive another secret for one use, from which the first cannot be found."""
    return hmac.digest(secret.encode(), f"loyal: {label}".encode(), hashlib.sha256).hex()
