"""Logs as facts: JSON on standard output, UTC, and only keys from an allow-list.

Nothing of a patient may reach a log. So no query string, no body, no exception *message* (a
database error quotes the row) and no arguments of other people's log calls: of those only the
unformatted template is kept.
"""

import logging
import logging.config
import traceback
from types import TracebackType
from typing import Any

import structlog

ALLOWED_KEYS = frozenset(
    {
        # what and when
        "event", "level", "logger", "timestamp",
        # which request, task or process
        "request_id", "correlation_id", "request", "code", "ip", "user_id", "duration_ms",
        "task", "task_id", "parent_task_id", "queue", "component", "instance", "pid", "signal",
        "command", "port", "url", "version", "setting",
        # how many, how late
        "count", "attempt", "attempts", "backlog", "oldest_due_s", "seconds", "limit",
        # our own numbers of things, none of which says who the patient is
        "referral_id", "clock_id", "notice_id", "escalation_id", "step", "kind", "channel",
        "provider", "outcome", "reason", "role", "permission", "organisation_id", "held_id",
        # what went wrong, without the words of the error
        "error", "where",
    }
)  # fmt: skip

# Of these libraries the finished sentence is kept: they speak of processes, not of people.
_TRUSTED = ("gunicorn.error", "celery.beat", "celery.worker.consumer", "celery.apps", "mscc.")

_Event = dict[str, Any]
_PLAIN = str | int | float | list | None


def keep_allowed_keys(_logger: object, _method: str, event: _Event) -> _Event:
    """Drop every key nobody has thought about, and objects: how they print is not ours to say."""
    return {
        key: value
        for key, value in event.items()
        if key[0] == "_" or (key in ALLOWED_KEYS and isinstance(value, _PLAIN))
    }


def name_the_error(_logger: object, _method: str, event: _Event) -> _Event:
    """Turn an exception into its class and the lines it came through, without its message."""
    found = event.pop("exc_info", None)
    event.pop("exception", None)
    if found is True:
        import sys

        found = sys.exc_info()
    if isinstance(found, BaseException):
        found = (type(found), found, found.__traceback__)
    if found and found[0] is not None:
        event["error"] = f"{found[0].__module__}.{found[0].__qualname__}"
        event["where"] = _frames(found[2])
    return event


def _frames(trace: TracebackType | None) -> list[str]:
    return [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace)[-12:]]


def plain_template(_logger: object, _method: str, event: _Event) -> _Event:
    """Keep the unformatted template of other libraries' messages: arguments may be anything."""
    record: logging.LogRecord | None = event.get("_record")
    ours = event.get("_from_structlog")
    if record is not None and not ours and not record.name.startswith(_TRUSTED):
        event["event"] = str(record.msg)
    return event


def one_line(_logger: object, _method: str, event: _Event) -> _Event:
    """No line breaks in the plain format: a value must not look like a second entry."""
    for key, value in event.items():
        if isinstance(value, str) and key[0] != "_":
            event[key] = value.replace("\r", "\\r").replace("\n", "\\n")
    return event


def logging_config(*, level: str, as_json: bool) -> _Event:
    """Configure structlog and return the dictionary for `logging.config.dictConfig`."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    shown = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    config: _Event = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "facts": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [*shared, structlog.stdlib.ExtraAdder()],
                "processors": [
                    plain_template,
                    name_the_error,
                    keep_allowed_keys,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    one_line,
                    shown,
                ],
            }
        },
        "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "facts"}},
        "root": {"handlers": ["out"], "level": level},
        "loggers": {
            # Its own line for each request says the path with its query; ours says the route.
            "django.server": {"handlers": [], "propagate": False},
            "django.request": {"level": "ERROR"},
            "axes": {"level": "WARNING"},
            # Says forty lines for each PDF.
            "fontTools": {"level": "WARNING"},
            "gunicorn.access": {"handlers": [], "propagate": False},
        },
    }
    logging.config.dictConfig(config)
    return config
