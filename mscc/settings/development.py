"""A developer's or a trial machine: the demo, on this machine only."""

from mscc.settings.base import *  # noqa: F403
from mscc.settings.base import (
    ALLOWED_HOSTS,
    BASE_DIR,
    DOWNTIME_PACK_PLACES,
    INSTALLED_APPS,
    NOTIFY,
)
from mscc.settings.reading import env, switch, whole

DEBUG = switch("DEBUG", False)
DEMO = True
# Not a secret: production refuses to start without its own.
SECRET_KEY = str(env.str("SECRET_KEY", default="development-only-never-used-with-real-people"))
ALLOWED_HOSTS = ALLOWED_HOSTS or ["127.0.0.1", "localhost", "[::1]", "testserver"]
INSTALLED_APPS = ["mscc.demo", *INSTALLED_APPS]
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
# Static files come straight from where they lie: nothing to collect before the first page.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

# Notices go to the demo's own inbox on this machine, and nowhere else.
DEMO_SMTP_PORT = whole("DEMO_SMTP_PORT", 2525)
DEMO_SNPP_PORT = whole("DEMO_SNPP_PORT", 2444)
DEMO_SMS_PORT = whole("DEMO_SMS_PORT", 2580)
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", DEMO_SMTP_PORT
NOTIFY = {
    **NOTIFY,
    "SNPP_HOST": "127.0.0.1",
    "SNPP_PORT": DEMO_SNPP_PORT,
    # The demo's own GOV.UK Notify: this key is nobody's, and opens nothing.
    "GOVUK_URL": f"http://127.0.0.1:{DEMO_SMS_PORT}",
    "GOVUK_KEY": "demo-00000000-0000-4000-8000-000000000001-00000000-0000-4000-8000-000000000002",
    "GOVUK_TEMPLATE": "00000000-0000-4000-8000-000000000003",
    "GOVUK_CALLBACK_TOKEN": "development-only-never-used-with-real-people",
    "REPLIES": ["sms"],
    # And one for browsers: whoever has it can ring the demo's own.
    "PUSH_KEY": NOTIFY["PUSH_KEY"] or "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc",
    "WEBHOOK_SECRET": NOTIFY["WEBHOOK_SECRET"] or "development-only",
    "PLAIN_HTTP": True,
    "CONSOLE": True,
}

# Made-up people may lie about unencrypted, so that the pack can be looked at.
DOWNTIME_PACK_PLAIN = True
DOWNTIME_PACK_PLACES = DOWNTIME_PACK_PLACES or [
    str(BASE_DIR / "var" / "downtime" / name) for name in ("one", "two")
]
