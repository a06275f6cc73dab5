"""A developer's or a trial machine: the demo, on this machine only."""

from mscc.settings.base import *  # noqa: F403
from mscc.settings.base import ALLOWED_HOSTS, INSTALLED_APPS
from mscc.settings.reading import env, switch

DEBUG = switch("DEBUG", False)
DEMO = True
# Not a secret: production refuses to start without its own.
SECRET_KEY = str(env.str("SECRET_KEY", default="development-only-never-used-with-real-people"))
ALLOWED_HOSTS = ALLOWED_HOSTS or ["127.0.0.1", "localhost", "[::1]", "testserver"]
INSTALLED_APPS = ["mscc.demo", *INSTALLED_APPS]
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
