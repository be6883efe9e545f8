"""Keys: made once, kept as digests, checked at each request, counted by the minute."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import cast

from django.contrib.auth.models import User
from django.core.cache import cache
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer
from redis.exceptions import RedisError

from api.models import ApiKey, Scope
from api.problems import Problem

# A prefix of its own lets scanners of published code find a key that leaked.
_BEGINNING, _SHOWN = "loyal_", 12
_MINUTE = 60


class KeyedRequest(HttpRequest):
    """A request that brought a usable key."""

    api_key: ApiKey


def key_of(request: HttpRequest) -> ApiKey:
    """Return the key that a request brought."""
    return cast(KeyedRequest, request).api_key


def make_key(
    name: str, scopes: Collection[str], *, by: User | None, expires_at: datetime | None = None, per_minute: int = 600
) -> tuple[ApiKey, str]:
    """Make a key and return it with its secret, which nothing can show again."""
    secret = _BEGINNING + secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        name=name,
        prefix=secret[:_SHOWN],
        digest=_digest(secret),
        scopes=sorted(scopes),
        per_minute=per_minute,
        expires_at=expires_at,
        created_by=by,
    )
    return key, secret


def find_key(secret: str, *, at: datetime) -> ApiKey | None:
    """Return the usable key of this secret, and note its use, once a minute at most."""
    key = ApiKey.objects.usable(at).filter(prefix=secret[:_SHOWN]).first()
    if key is None or not hmac.compare_digest(bytes(key.digest), _digest(secret)):
        return None
    stale = Q(used_at=None) | Q(used_at__lt=at - timedelta(seconds=_MINUTE))
    ApiKey.objects.filter(stale, pk=key.pk).update(used_at=at)
    return key


def _digest(secret: str) -> bytes:
    """A secret of 256 random bits needs no slow hash: nobody can guess it, digest in hand or not."""
    return hashlib.sha256(secret.encode()).digest()


class KeyFor(HttpBearer):
    """Lets in whoever brings a key with this scope. `free` leaves it out of the rate: a stop is never put off."""

    def __init__(self, scope: Scope, *, free: bool = False) -> None:
        super().__init__()
        self.scope, self._free = scope, free

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        """Return the key; None where there is no such key. Raises Problem where it may not do this, or not so often."""
        key = find_key(token, at=timezone.now())
        if key is None:
            return None
        if not self._free:
            _count(key)
        if self.scope not in key.scopes:
            raise Problem(403, "scope", f"This key lacks the scope “{self.scope}”.")
        request.api_key = key  # type: ignore[attr-defined]
        return key


def _count(key: ApiKey) -> None:
    now = time.time()
    window = int(now // _MINUTE)
    name = f"api:{key.pk}:{window}"
    try:
        cache.add(name, 0, timeout=2 * _MINUTE)
        used = cache.incr(name)
    except RedisError as error:
        raise Problem(503, "unavailable", "Requests cannot be counted now.", headers={"Retry-After": "5"}) from error
    if used > key.per_minute:
        wait = str(int((window + 1) * _MINUTE - now) + 1)
        raise Problem(429, "rate", f"This key may ask {key.per_minute} times a minute.", headers={"Retry-After": wait})
