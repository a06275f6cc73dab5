"""The product as it is installed, on a database of the benchmark's own."""

from mscc.settings.base import *  # noqa: F403
from mscc.settings.base import STORAGES
from mscc.settings.reading import env, whole

SECRET_KEY = "benchmarks-only"
ALLOWED_HOSTS = ["127.0.0.1"]
# Nobody here signs in with a password: making two hundred people must not take a minute.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
LOG_LEVEL = "ERROR"
# One client stands for sixteen and for two hundred people; their requests are still counted.
RATE_PERSON = RATE_ADDRESS = RATE_ACKNOWLEDGE = 10_000_000
# The files as they are served: named by their content and compressed beforehand.
STATIC_ROOT = env.str("BENCH_STATIC_ROOT", default="")
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# The mail server of one measure; the others give their own.
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", whole("BENCH_SMTP_PORT", 9)
EMAIL_HOST_USER = EMAIL_HOST_PASSWORD = ""
EMAIL_USE_TLS = EMAIL_USE_SSL = False
