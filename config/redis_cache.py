"""Django's Redis cache, quicker: a client for each pool of connections, not for each command, and scripts beside it."""

import functools
import hashlib
from collections.abc import Sequence
from typing import Any

from django.core.cache import caches
from django.core.cache.backends import redis
from redis import Redis
from redis.exceptions import NoScriptError


class Script:
    """A script for the server, known there by its digest once it was run."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.digest = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


class RedisCacheClient(redis.RedisCacheClient):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Django makes one for every command, which costs several times the command.
        self._client = functools.cache(Redis)

    def run(self, script: Script, keys: Sequence[str], arguments: Sequence[str | int]) -> Any:
        client = self.get_client(write=True)
        try:
            return client.evalsha(script.digest, len(keys), *keys, *arguments)
        except NoScriptError:  # the server is new, or was started anew
            return client.eval(script.text, len(keys), *keys, *arguments)


class RedisCache(redis.RedisCache):
    _cache: RedisCacheClient

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = RedisCacheClient

    def run(self, script: Script, keys: Sequence[str], arguments: Sequence[str | int]) -> Any:
        return self._cache.run(script, [self.make_and_validate_key(key) for key in keys], arguments)


def run(script: Script, keys: Sequence[str], arguments: Sequence[str | int]) -> Any:
    """Have the server run a script on these keys of the cache: in one step, and one exchange."""
    cache = caches["default"]
    assert isinstance(cache, RedisCache)  # noqa: S101 - every settings module sets it
    return cache.run(script, keys, arguments)
