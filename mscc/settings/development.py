"""A developer's or a trial machine: the demo, on this machine only."""

from mscc.settings.base import *  # noqa: F403
from mscc.settings.base import ALLOWED_HOSTS, INSTALLED_APPS, NOTIFY
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
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", DEMO_SMTP_PORT
NOTIFY = {
    **NOTIFY,
    "SNPP_HOST": "127.0.0.1",
    "SNPP_PORT": DEMO_SNPP_PORT,
    "WEBHOOK_SECRET": NOTIFY["WEBHOOK_SECRET"] or "development-only",
    "PLAIN_HTTP": True,
    "CONSOLE": True,
}
