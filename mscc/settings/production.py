"""Real people. Refuses to start with one line that names the setting that is wrong."""

from pathlib import Path
from urllib.parse import urlsplit

from mscc.settings.base import *  # noqa: F403
from mscc.settings.base import (
    ALLOWED_HOSTS,
    DOWNTIME_PACK_KEYS,
    DOWNTIME_PACK_PLACES,
    NOTIFY,
    PUBLIC_URL,
    REDIS_URL,
    STORAGES,
    TRUSTED_PROXIES,
)
from mscc.settings.reading import age_keys, env, mail, refuse, required, switch, whole

SECRET_KEY = required("SECRET_KEY", "not set; give it 50 random characters or more.")
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith("django-insecure-"):
    refuse("SECRET_KEY", "too easy to guess; give it 50 random characters or more.")
SECRET_KEY_FALLBACKS = str(env.str("SECRET_KEY_FALLBACKS", default="")).split()
if switch("DEBUG", False):
    refuse("DEBUG", "must be off: error pages would show what is inside.")
if env.ENVIRON.get("FAULT_AT"):
    refuse("FAULT_AT", "must not be set: it kills this process, which only a test may want.")
if switch("DEMO", False):
    refuse("DEMO", "must be off: made-up people do not belong beside real ones.")
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    refuse("ALLOWED_HOSTS", "name the hosts this service answers for, e.g. mscc.example.nhs.uk.")
if urlsplit(PUBLIC_URL).scheme != "https":
    refuse("PUBLIC_URL", "must be the https:// address people open.")
required("REDIS_URL", "not set; tasks need a broker.")
if not REDIS_URL.startswith(("redis://", "rediss://", "unix://")):
    refuse("REDIS_URL", "must begin with redis://, rediss:// or unix://.")

required("EMAIL_URL", "not set; e.g. smtp+tls://user:password@smtp.example.org:587.")
required("EMAIL_FROM", "not set; the address that messages come from.")
vars().update(mail("EMAIL_URL"))
if NOTIFY["WEBHOOK_HOSTS"] and len(NOTIFY["WEBHOOK_SECRET"]) < 32:
    refuse("WEBHOOK_SECRET", "give it 32 characters or more: it signs what other systems are told.")

# A copy of the board must lie in two places, and only those who hold a key may be able to read it.
if len({str(Path(place)) for place in DOWNTIME_PACK_PLACES if Path(place).is_absolute()}) < 2:
    refuse("DOWNTIME_PACK_PLACES", "name two different folders or more, from / on, commas between.")
if not DOWNTIME_PACK_KEYS:
    refuse("DOWNTIME_PACK_KEYS", "not set; the copy of the board is not written unencrypted.")
if not age_keys(DOWNTIME_PACK_KEYS):
    refuse("DOWNTIME_PACK_KEYS", "must be age public keys (age1...), commas between.")

if NOTIFY["GOVUK_KEY"] and not NOTIFY["GOVUK_TEMPLATE"]:
    refuse("GOVUK_TEMPLATE", "name the template with the field ((text)) that pages go out with.")
if urlsplit(NOTIFY["GOVUK_URL"]).scheme != "https":
    refuse("GOVUK_URL", "must begin with https://.")
if NOTIFY["GOVUK_CALLBACK_TOKEN"] and len(NOTIFY["GOVUK_CALLBACK_TOKEN"]) < 32:
    refuse("GOVUK_CALLBACK_TOKEN", "give it 32 characters or more: whoever knows it may answer.")
for _each in NOTIFY["INBOUND_SECRETS"]:
    if len(_each.partition("=")[2].strip()) < 32 or not _each.partition("=")[0].strip():
        refuse("INBOUND_SECRETS", "each is name=secret, and a secret has 32 characters or more.")
if set(NOTIFY["REPLIES"]) - {"sms", "pager"}:
    refuse("REPLIES", "only sms and pager can be answered with a code.")

SECURE_SSL_REDIRECT = switch("SECURE_SSL_REDIRECT", True)
if TRUSTED_PROXIES:
    # Without a proxy of ours in front, this header would be the client's own word.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# The probes of an orchestrator come in plain HTTP from inside.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = whole("SECURE_HSTS_SECONDS", 365 * 24 * 3600, least=3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# `__Host-` binds a cookie to this host and to TLS; the browser refuses it otherwise.
SESSION_COOKIE_NAME = "__Host-mscc-session"
CSRF_COOKIE_NAME = "__Host-mscc-csrf"
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
