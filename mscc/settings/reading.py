"""Reading settings from the environment, and refusing to start in one line."""

import re
from typing import NoReturn

import environ
import pyrage

env = environ.Env()


def refuse(setting: str, sentence: str) -> NoReturn:
    """Stop the process with one line that names the setting; never echoes a value."""
    raise SystemExit(f"Will not start. {setting}: {sentence}")


def required(setting: str, sentence: str) -> str:
    """A setting that must be there and not empty."""
    value = str(env.str(setting, default="")).strip()
    if not value:
        refuse(setting, sentence)
    return value


def whole(setting: str, default: int, least: int = 1) -> int:
    """A whole number that is at least `least`."""
    text = str(env.str(setting, default=str(default)))
    try:
        value = int(text)
    except ValueError:
        refuse(setting, f"must be a whole number of at least {least}.")
    if value < least:
        refuse(setting, f"must be at least {least}.")
    return value


def switch(setting: str, default: bool) -> bool:
    """A setting that is on or off; anything else is refused instead of read as off."""
    text = str(env.str(setting, default="on" if default else "off")).strip().lower()
    if text in ("1", "on", "true", "yes"):
        return True
    if text in ("0", "off", "false", "no", ""):
        return False
    refuse(setting, "must be on or off.")


def listed(setting: str, default: tuple[str, ...] = ()) -> list[str]:
    """Words separated by commas."""
    text = str(env.str(setting, default=",".join(default)))
    return [word.strip() for word in text.split(",") if word.strip()]


def age_keys(keys: list[str]) -> bool:
    """Whether each of these is a public key that something can be encrypted for with age."""
    try:
        return all(pyrage.x25519.Recipient.from_str(key) for key in keys)
    except pyrage.RecipientError:
        return False


def time_of_day(setting: str, default: str) -> str:
    """A time on the clock, such as 10:00."""
    text = str(env.str(setting, default=default)).strip()
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        refuse(setting, "is not a time of day, such as 10:00.")
    return text


def mail(setting: str) -> dict[str, object]:
    """Django's EMAIL_... settings from one address of an SMTP server."""
    try:
        found = env.email_url(setting)
    except (ValueError, KeyError, environ.ImproperlyConfigured):
        refuse(setting, "must look like smtp+tls://user:password@smtp.example.org:587.")
    if found["EMAIL_BACKEND"] != "django.core.mail.backends.smtp.EmailBackend":
        refuse(setting, "must be an SMTP server: the console and dummy ones tell nobody.")
    return {name: value for name, value in found.items() if name.startswith("EMAIL_")}


def database() -> dict[str, object]:
    """PostgreSQL from DATABASE_URL, with limits on how long anything may wait or run.

    The limits are in milliseconds; 0 means none. A process with longer work (a migration, a
    report) is started with its own MSCC_DB_STATEMENT_TIMEOUT_MS.
    """
    required("DATABASE_URL", "not set; `./dev run` starts a database of its own and sets it.")
    try:
        found = env.db_url("DATABASE_URL")
    except (ValueError, KeyError, environ.ImproperlyConfigured):
        refuse("DATABASE_URL", "must look like postgres://user:password@host:5432/name.")
    if found["ENGINE"] != "django.db.backends.postgresql":
        refuse("DATABASE_URL", "only PostgreSQL is supported; it must begin with postgres://.")
    limits = {
        "lock_timeout": whole("MSCC_DB_LOCK_TIMEOUT_MS", 2_000, least=0),
        "statement_timeout": whole("MSCC_DB_STATEMENT_TIMEOUT_MS", 15_000, least=0),
        "idle_in_transaction_session_timeout": whole("MSCC_DB_IDLE_TIMEOUT_MS", 15_000, least=0),
    }
    options = dict(found.get("OPTIONS") or {})
    options["options"] = " ".join(f"-c {name}={value}" for name, value in limits.items())
    options.setdefault("application_name", str(env.str("MSCC_PROCESS", default="mscc")))
    options.setdefault("connect_timeout", 5)
    # How often mscc/rows.py sends a statement before PostgreSQL keeps it planned; 0 is never.
    options.setdefault("prepare_threshold", whole("MSCC_DB_PREPARE_AFTER", 3, least=0) or None)
    found["OPTIONS"] = options
    found["CONN_MAX_AGE"] = whole("MSCC_DB_CONNECTION_AGE_S", 600, least=0)
    found["CONN_HEALTH_CHECKS"] = True
    return dict(found)
