"""The product as it is installed, with gateways that lie on this machine."""

import logging

from mscc.settings.base import *  # noqa: F403
from mscc.settings.base import NOTIFY
from mscc.settings.reading import env, whole

SECRET_KEY = "faults-only"
ALLOWED_HOSTS = ["127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
RATE_PERSON = RATE_ADDRESS = RATE_ACKNOWLEDGE = 10_000_000
# A bell in the kill loop rings in its own process: nobody comes, and nothing may depend on it.
CELERY_BROKER_URL = env.str("FAULTS_BROKER", default="memory://")
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", whole("FAULTS_SMTP_PORT", 9)
EMAIL_HOST_USER = EMAIL_HOST_PASSWORD = ""
EMAIL_USE_TLS = EMAIL_USE_SSL = False
DEFAULT_FROM_EMAIL = "mscc@example.org"
NOTIFY = {**NOTIFY, "WEBHOOK_SECRET": "faults-only", "PLAIN_HTTP": True}
if env.str("LOG_LEVEL", default="") != "DEBUG":
    logging.disable(logging.WARNING)
