"""What follows from the outcome of one attempt. Pure: no database, no clock, no dice.

A page that may have arrived is sent again, marked as a repeat: twice is better than never.
"""

from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    """How one attempt ended."""

    SENT = "sent"  # accepted by the gateway; only a person's acknowledgement ends an escalation
    TRANSIENT = "transient"  # not taken now: 4xx SMTP, HTTP 408, 425, 429, 5xx, no connection
    UNKNOWN = "unknown"  # handed over, no answer: it may have arrived
    PERMANENT = "permanent"  # this address will never take it
    CONFIG = "config"  # our own credentials or settings are wrong


@dataclass(frozen=True, slots=True)
class Outcome:
    """One attempt's result. `code` is the peer's number or our word, never the peer's text."""

    result: Result
    code: str = ""
    provider_ref: str = ""
    retry_after: float | None = None  # seconds, as the gateway asked
    latency_ms: int = 0
    poison: str = ""  # the class of the error that forced the minimal text


@dataclass(frozen=True, slots=True)
class Decision:
    state: str
    delay_s: float = 0.0
    also_alternative: bool = False  # try another channel or person as well, at once
    alarm: bool = False  # someone technical must look


DELAYS_S = (5.0, 10.0, 20.0, 40.0, 60.0)
CAP_S = 60.0
JITTER = 0.2
ALTERNATIVE_AFTER = 2  # failures
# About six hours at the cap. A notice with an escalation is never given up: closing ends it.
GIVE_UP_AFTER = 360  # failures


def after(
    result: Result,
    attempts: int,
    retry_after: float | None = None,
    *,
    jitter: float = 0.0,
    climbing: bool = True,
) -> Decision:
    """What becomes of a notice after an attempt.

    `attempts` counts this one too. `jitter` is a number from 0 to 1 drawn by the caller, so that
    many notices that failed together do not come back together. `climbing`: an escalation waits
    for it, so it is tried until that closes.
    """
    if result is Result.SENT:
        return Decision("sent")
    if result is Result.PERMANENT:
        return Decision("dead", also_alternative=True)
    if result is Result.CONFIG:
        return Decision("dead", also_alternative=True, alarm=True)
    if not climbing and attempts >= GIVE_UP_AFTER:
        return Decision("failed", also_alternative=True, alarm=True)
    return Decision(
        "pending",
        delay_s=delay(attempts, retry_after, jitter),
        also_alternative=attempts >= ALTERNATIVE_AFTER,
    )


def delay(attempts: int, retry_after: float | None, jitter: float) -> float:
    """Seconds until the next attempt: what the gateway asked for, up to a minute, or our steps."""
    if retry_after is not None and retry_after >= 0:
        base = min(retry_after, CAP_S)
    else:
        base = DELAYS_S[min(max(attempts, 1), len(DELAYS_S)) - 1]
    return base * (1 + JITTER * jitter)
