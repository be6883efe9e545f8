"""The address key: what consents and objections know of an address, and all that they know."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection

from consent.addresses import normalise
from consent.models import Act
from consent.vocabulary import Medium


def signing_key_id() -> int:
    """The id of the secret that makes new keys: the highest in `settings.ADDRESS_KEYS`."""
    return max(settings.ADDRESS_KEYS)


def key_ids() -> list[int]:
    """The ids of every secret that was ever used, the newest first."""
    return sorted(settings.ADDRESS_KEYS, reverse=True)


def address_key(medium: str, address: str, *, key_id: int | None = None) -> UUID:
    """Return the 128-bit keyed digest of an address, whatever the way it was typed.

    HMAC-SHA-256 with a secret, since a plain digest of a phone number can be enumerated (CNIL, MED-2023-040).
    Raises ValidationError where it is no address of that medium.
    """
    return key_of_normalised(medium, normalise(medium, address), key_id=key_id)


def key_of_normalised(medium: str, normalised: str, *, key_id: int | None = None) -> UUID:
    """The same for an address that `normalise` has already put into its one form."""
    secret = settings.ADDRESS_KEYS[signing_key_id() if key_id is None else key_id]
    return _digest(secret, f"{medium}:{normalised}".encode())


def _digest(secret: str, text: bytes) -> UUID:
    return UUID(bytes=hmac.digest(secret.encode(), text, hashlib.sha256)[:16])


def keys_of_typed(typed: str) -> list[UUID]:
    """Return every key that this text may have: as whatever address it can be read, under every secret still known."""
    keys = []
    for medium in Medium:
        try:
            normalised = normalise(medium, typed)
        except ValidationError:
            continue
        keys += keys_of_normalised(medium, normalised)
    return keys


def keys_of_normalised(medium: str, normalised: str) -> list[UUID]:
    """Return the keys of one address under every secret that was ever used, the newest first."""
    return list(KeyMaker().keys_of(medium, normalised))


class KeyMaker:
    """Makes the keys of many addresses: secrets are looked up, and their digests begun, once."""

    def __init__(self) -> None:
        self._begun = [
            hmac.new(settings.ADDRESS_KEYS[key_id].encode(), digestmod=hashlib.sha256) for key_id in key_ids()
        ]

    def keys_of(self, medium: str, normalised: str) -> tuple[UUID, ...]:
        """As `keys_of_normalised`."""
        text = f"{medium}:{normalised}".encode()
        keys = []
        for begun in self._begun:
            digest = begun.copy()
            digest.update(text)
            keys.append(UUID(int=int.from_bytes(digest.digest()[:16])))
        return tuple(keys)


def as_array(keys: Iterable[UUID]) -> str:
    """These keys as PostgreSQL writes an array: one parameter to adapt instead of thousands."""
    return f"{{{','.join([key.hex for key in keys])}}}"


def keys_on_record(keys: Sequence[UUID]) -> frozenset[UUID]:
    """Which of these keys have acts on record; nothing is asked while one secret alone was ever used."""
    if len(settings.ADDRESS_KEYS) == 1:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT address_key FROM consent_act WHERE address_key = ANY(%s::uuid[])", [as_array(keys)]
        )
        return frozenset(key for (key,) in cursor.fetchall())


def key_in_use(medium: str, normalised: str) -> tuple[UUID, int]:
    """Return the key, and its id, under which acts about this address are on record, else its newest key.

    An address keeps the key under which its objections were made, so that a new secret hides none of them.
    """
    keys = {key_of_normalised(medium, normalised, key_id=key_id): key_id for key_id in settings.ADDRESS_KEYS}
    if len(keys) > 1:
        acts = Act.objects.filter(address_key__in=keys).order_by("key_id")
        recorded = acts.values_list("address_key", flat=True).first()
        if recorded is not None:
            return recorded, keys[recorded]
    return max(keys.items(), key=lambda pair: pair[1])
