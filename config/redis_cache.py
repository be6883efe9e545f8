"""Django's Redis cache, quicker: a client for each pool of connections, not for each command."""

from functools import cache
from typing import Any

from django.core.cache.backends import redis
from redis import Redis


class RedisCacheClient(redis.RedisCacheClient):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Django makes one for every command, which costs several times the command.
        self._client = cache(Redis)


class RedisCache(redis.RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = RedisCacheClient
