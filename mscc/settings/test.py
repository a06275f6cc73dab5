"""Tests: the demo is installed so that it can be tested; nothing leaves the machine."""

import logging

from mscc.settings.base import *  # noqa: F403
from mscc.settings.base import INSTALLED_APPS, MIDDLEWARE, TEMPLATES

DEMO = True
SECRET_KEY = "tests-only"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
INSTALLED_APPS = ["mscc.demo", *INSTALLED_APPS]
# Whitenoise reads every static file at the start of each client: four times slower.
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]
TEMPLATES[0]["OPTIONS"]["undefined"] = "strict"  # type: ignore[index]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
NOTIFY = {
    "CONSOLE": True,
    "GOVUK_CALLBACK_TOKEN": "tests-only-callback-token",
    "REPLIES": ["sms", "pager"],
}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
RATE_PERSON = RATE_ADDRESS = RATE_ACKNOWLEDGE = 0
# A run of tests signs in more often in a minute than a whole alliance does.
ACCOUNT_RATE_LIMITS = {"login_failed": False, "login": False, "reset_password": False}
logging.disable(logging.INFO)
