"""Facts, told once. Knows no app: who listens is written in `mscc/wiring.py`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from types import MappingProxyType
from typing import Any, Protocol


class Person(Protocol):
    """As much of a signed-in person as an actor needs."""

    pk: Any
    name: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: a person or a named process of ours, never both and never neither."""

    user_id: int | None
    process: str = ""
    name: str = ""
    on_behalf_of: str = ""

    def __post_init__(self) -> None:
        if (self.user_id is None) == (self.process == ""):
            raise ValueError("an actor is either a user or a named process")

    @classmethod
    def user(cls, user: Person, on_behalf_of: str = "") -> "Actor":
        """A signed-in person; `on_behalf_of` names the caller of a telephone referral."""
        return cls(user_id=user.pk, name=user.name, on_behalf_of=on_behalf_of)

    @classmethod
    def system(cls, process: str) -> "Actor":
        """A process of ours, such as "sweeper"."""
        return cls(user_id=None, process=process, name=process)


@dataclass(frozen=True, slots=True)
class Command:
    """The context of a request to change something.

    `at` is when it was recorded; `version` is the one the person was looking at; `key` makes a
    repeated submission return its first answer.
    """

    by: Actor
    at: datetime
    version: int | None = None
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact in the past tense: ids and values only, so that it can be stored and replayed."""

    by: Actor
    at: datetime
    key: str = ""


Handler = Callable[[Any], object]
Together = Callable[[Sequence[Any]], object]

_handlers: Mapping[type[Event], tuple[Handler, ...]] = MappingProxyType({})
_together: Mapping[Handler, Together] = MappingProxyType({})


def install(
    handlers: Mapping[type[Event], Sequence[Handler]],
    together: Mapping[Handler, Together] | None = None,
) -> None:
    """Replace the page of handlers; called once at start-up by `mscc.wiring`.

    `together`: for handlers that can deal with many facts at once, how.
    """
    global _handlers, _together
    _handlers = MappingProxyType({kind: tuple(listed) for kind, listed in handlers.items()})
    if together is not None:
        _together = MappingProxyType(dict(together))


def publish(event: Event) -> None:
    """Call what follows from a fact, in order, inside the caller's transaction.

    An event nobody placed on the page is a mistake and raises LookupError; an exception in a
    handler is not caught, so that the change and its consequences stand or fall together.
    """
    for handle in _listed(event):
        handle(event)


def publish_all(facts: Iterable[Event]) -> None:
    """Publish many facts in their order; neighbours with one handler that can, by one call."""
    for handlers, group in groupby(facts, _listed):
        if len(handlers) == 1 and (together := _together.get(handlers[0])):
            together(list(group))
            continue
        for event in group:
            for handle in handlers:
                handle(event)


def _listed(event: Event) -> tuple[Handler, ...]:
    try:
        return _handlers[type(event)]
    except KeyError:
        raise LookupError(f"{type(event).__name__} is not on the page in mscc/wiring.py") from None
