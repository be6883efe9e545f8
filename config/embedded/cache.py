"""The Redis cache, which starts the embedded server at its first use and not before."""

from typing import Any

from config import redis_cache
from config.embedded.start import start_embedded_services


class EmbeddedCacheClient(redis_cache.RedisCacheClient):
    def get_client(self, *args: Any, **options: Any) -> Any:
        """Give a client of the embedded server, once that runs."""
        start_embedded_services()
        return super().get_client(*args, **options)


class EmbeddedCache(redis_cache.RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = EmbeddedCacheClient
