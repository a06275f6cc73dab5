"""The dead-man switch outside this house: it raises the alarm when it hears nothing from us.

Any address that takes a GET will do, such as a check of a Healthchecks server. It is told every
minute, and only when the auditor found nothing wrong. A switch that cannot be reached is said on
the service page; nothing that pages people waits for it.
"""

from datetime import datetime

import httpx
import structlog
from django.conf import settings

from scheduling.models import PlannedDowntime, Watching

logger = structlog.get_logger(__name__)

_LIMITS = httpx.Timeout(5.0, connect=3.0)


def is_set_up() -> bool:
    """Whether there is a switch at all."""
    return bool(settings.DEADMAN_URL)


def tell(row: Watching, at: datetime, *, passed: bool, downtime: PlannedDowntime | None) -> None:
    """Ping when all is well, or say that it is not; keep whether the switch could be reached.

    During announced downtime the switch is paused once, where it can be; otherwise it is pinged
    whatever the auditor found, for as long as we are there to do it.
    """
    if not is_set_up():
        return
    if downtime is not None and (downtime.paused_at or _pause(downtime, at)):
        return
    if passed or downtime is not None:
        wrong = _call("GET", settings.DEADMAN_URL)
        row.switch_told_at = at if not wrong else row.switch_told_at
    elif settings.DEADMAN_FAIL_URL:
        wrong = _call("GET", settings.DEADMAN_FAIL_URL)
    else:
        return  # it notices by our silence
    row.switch_tried_at, row.switch_error = at, wrong
    row.save(update_fields=["switch_told_at", "switch_tried_at", "switch_error"])


def _pause(downtime: PlannedDowntime, at: datetime) -> bool:
    if not settings.DEADMAN_PAUSE_URL:
        return False
    key = {"X-Api-Key": settings.DEADMAN_PAUSE_KEY} if settings.DEADMAN_PAUSE_KEY else {}
    if _call("POST", settings.DEADMAN_PAUSE_URL, key):
        return False
    downtime.paused_at = at
    downtime.save(update_fields=["paused_at"])
    return True


def _call(method: str, address: str, headers: dict[str, str] | None = None) -> str:
    """Empty when it answered that all is well; otherwise what went wrong, in a word or two."""
    try:
        with httpx.Client(timeout=_LIMITS, follow_redirects=False) as line:
            answer = line.request(method, address, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        logger.warning("deadman_unreachable", error=type(error).__name__)
        return type(error).__name__
    if answer.is_success:
        return ""
    logger.warning("deadman_refused", code=answer.status_code)
    return f"answered {answer.status_code}"
