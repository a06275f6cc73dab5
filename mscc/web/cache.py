"""A cache that may vanish: a Redis that is gone is a miss, never an error and hardly a delay."""

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = structlog.get_logger(__name__)

# After a failure Redis is left alone for a while, so that a page waits for it at most once.
REST_SECONDS = 5.0
CONNECT_SECONDS = 0.25
ANSWER_SECONDS = 0.5

_Answer = TypeVar("_Answer")


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache with short timeouts that answers "not there" while Redis is away."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = params.setdefault("OPTIONS", {})
        options.setdefault("socket_connect_timeout", CONNECT_SECONDS)
        options.setdefault("socket_timeout", ANSWER_SECONDS)
        super().__init__(server, params)
        self._rest_until = 0.0
        self._lock = threading.Lock()

    def attempt(self, ask: Callable[[], _Answer], otherwise: _Answer) -> _Answer:
        """The answer of Redis, or `otherwise` while it is away."""
        if time.monotonic() < self._rest_until:
            return otherwise
        try:
            return ask()
        except (RedisError, OSError) as error:
            with self._lock:
                self._rest_until = time.monotonic() + REST_SECONDS
            logger.warning("cache_away", reason=type(error).__name__)
            return otherwise

    def add(self, *args: Any, **kwargs: Any) -> bool:
        # "Added": whoever guards something with it must not be stopped by a missing cache.
        ask = super().add
        return self.attempt(lambda: ask(*args, **kwargs), True)

    def get(self, key: str, default: Any = None, *args: Any, **kwargs: Any) -> Any:
        ask = super().get
        return self.attempt(lambda: ask(key, default, *args, **kwargs), default)

    def set(self, *args: Any, **kwargs: Any) -> None:
        ask = super().set
        self.attempt(lambda: ask(*args, **kwargs), None)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        ask = super().touch
        return self.attempt(lambda: ask(*args, **kwargs), False)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        ask = super().delete
        return self.attempt(lambda: ask(*args, **kwargs), False)

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        ask = super().has_key
        return self.attempt(lambda: ask(*args, **kwargs), False)

    def incr(self, key: str, delta: int = 1, *args: Any, **kwargs: Any) -> int:
        ask = super().incr
        return self.attempt(lambda: ask(key, delta, *args, **kwargs), delta)

    def get_many(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        ask = super().get_many
        return self.attempt(lambda: ask(*args, **kwargs), {})

    def set_many(self, *args: Any, **kwargs: Any) -> list[str]:
        ask = super().set_many
        return self.attempt(lambda: ask(*args, **kwargs), [])

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        ask = super().delete_many
        self.attempt(lambda: ask(*args, **kwargs), None)

    def clear(self) -> bool:
        return self.attempt(super().clear, False)

    def count(self, keys: list[str], seconds: int) -> list[int]:
        """Add one to each key and say what they came to; a key starts anew after `seconds`."""

        def ask() -> list[int]:
            pipe = self._cache.get_client(None, write=True).pipeline(transaction=False)
            for key in keys:
                made = self.make_and_validate_key(key)
                pipe.incr(made)
                pipe.expire(made, seconds, nx=True)
            return [int(answer) for answer in pipe.execute()[::2]]

        return self.attempt(ask, [0] * len(keys))
