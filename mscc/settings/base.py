"""What every installation has in common. Secrets and addresses come from the environment."""

import logging
import tempfile
from pathlib import Path

from csp.constants import NONE, SELF

from mscc.clock import LONDON
from mscc.logs import logging_config
from mscc.settings.reading import database, env, listed, switch, time_of_day, whole

BASE_DIR = Path(__file__).resolve().parents[2]
DEBUG = False
DEMO = False
ALLOWED_HOSTS = listed("ALLOWED_HOSTS")
PUBLIC_URL = str(env.str("PUBLIC_URL", default="http://127.0.0.1:8000")).rstrip("/")
CSRF_TRUSTED_ORIGINS = listed("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "mscc.people",
    "referrals",
    "scheduling",
    "audit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_structlog",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "mscc.apps.RootConfig",  # last: its ready() joins the apps
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mscc.web.requests.RequestLogMiddleware",
    "mscc.web.limits.RateLimitMiddleware",
    "csp.middleware.CSPMiddleware",
    "mscc.web.headers.PrivacyHeadersMiddleware",
    "mscc.web.sessions.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mscc.web.held.HeldSubmissionMiddleware",
    "mscc.web.sessions.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",  # last: it answers for a refused sign-in
]

ROOT_URLCONF = "mscc.urls"
WSGI_APPLICATION = "mscc.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "NAME": "pages",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "mscc.jinja.environment",
            "context_processors": ["mscc.jinja.context"],
        },
    },
    {
        # The admin site, and the few third-party pages we have not dressed ourselves.
        "NAME": "django",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Time: stored and computed in UTC, shown in Europe/London.
USE_TZ = True
TIME_ZONE = LONDON.key
LANGUAGE_CODE = "en-gb"
USE_I18N = False

DATABASES = {"default": database()}
REDIS_URL = str(env.str("REDIS_URL", default="redis://127.0.0.1:6379/0"))
CACHES = {
    # Everything in it can be lost: no session, no deadline, no answer depends on it.
    "default": {
        "BACKEND": "mscc.web.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "mscc",
        "TIMEOUT": 300,
    }
}

# The rest of Celery is in mscc/celery.py: it rings the doorbell, rows are the truth.
CELERY_BROKER_URL = REDIS_URL
CELERY_TIMEZONE = "UTC"

# Signing in.
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "mscc.people.backends.PeopleBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "mscc.people.passwords.MaximumLengthValidator", "OPTIONS": {"max_length": 256}},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_ADAPTER = "mscc.people.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
# allauth's own notes the address in a table beside, where it would go on signing its person in,
# and getting links, after an administrator has changed it.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
PASSWORD_RESET_TIMEOUT = 24 * 3600
# A limit by address alone would let a stranger lock out whoever is on call: axes counts by
# address and network together, so allauth's own counter of failed sign-ins is off.
ACCOUNT_RATE_LIMITS = {"login_failed": False, "login": "120/m/ip", "reset_password": "20/m/ip"}
ACCOUNT_FORMS = {
    "login": "mscc.people.forms.SignInForm",
    "change_password": "mscc.people.forms.PasswordChangeForm",
    "reset_password": "mscc.people.forms.PasswordResetForm",
    "reset_password_from_key": "mscc.people.forms.NewPasswordForm",
    "reauthenticate": "mscc.people.forms.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "mscc.people.forms.CodeForm",
    "reauthenticate": "mscc.people.forms.CodeAgainForm",
    "activate_totp": "mscc.people.forms.SetUpCodeForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# An administrator gave the address; nobody typed it in by themselves.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "MSCC coordination"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = whole("SIGN_IN_FAILURES", 10)
AXES_COOLOFF_TIME = whole("SIGN_IN_LOCK_MINUTES", 15) / 60
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "mscc.people.adapter.attempted_address"
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_CALLABLE = "mscc.web.errors.locked_out"
AXES_CLIENT_IP_CALLABLE = "mscc.web.requests.client_ip"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# How many proxies of ours stand in front; 0 means the address of the connection is the client's.
TRUSTED_PROXIES = whole("TRUSTED_PROXIES", 0, least=0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
ALLOWED_EMAIL_DOMAINS = [domain.lower() for domain in listed("ALLOWED_EMAIL_DOMAINS")]

# Sessions live in PostgreSQL: Redis may vanish without signing anybody out.
SESSION_ENGINE = "mscc.people.sessions"
SESSION_IDLE_SECONDS = 60 * whole("SESSION_IDLE_MINUTES", 15)
SESSION_ABSOLUTE_SECONDS = 3600 * whole("SESSION_ABSOLUTE_HOURS", 12)
# The cookie outlives the session, so that a late form can still be kept for its owner.
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS + 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "mscc-session"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "mscc-csrf"
CSRF_FAILURE_VIEW = "mscc.web.errors.csrf_failure"
HELD_SUBMISSION_SECONDS = 12 * 3600

# Sentences for the next page stay in the session's row, not in a cookie on the machine.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Limits on what comes in. A form or an API body is text: half a megabyte is a long letter.
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
# Requests in ten seconds, for one signed-in person at one address and for one address; 0 is off.
# Acknowledging has its own budget: a busy script must not stand in the way of "I have it".
RATE_PERSON = whole("RATE_PERSON_PER_10S", 300, least=0)
RATE_ADDRESS = whole("RATE_ADDRESS_PER_10S", 3000, least=0)
RATE_ACKNOWLEDGE = whole("RATE_ACKNOWLEDGE_PER_10S", 100, least=0)

# Headers.
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# Static files: our own, and third-party ones built by mscc/runtime/assets.py.
STATIC_URL = "/static/"
STATIC_ROOT = Path(str(env.str("STATIC_ROOT", default=str(BASE_DIR / "var" / "static"))))
ASSETS_DIR = BASE_DIR / "var" / "assets"
WHITENOISE_ALLOW_ALL_ORIGINS = False
STATICFILES_DIRS = [path for path in (BASE_DIR / "mscc" / "static", ASSETS_DIR) if path.is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# Messages that leave the house.
EMAIL_TIMEOUT = whole("EMAIL_TIMEOUT_S", 10)
DEFAULT_FROM_EMAIL = str(env.str("EMAIL_FROM", default="mscc@localhost"))
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Notices: how each transport reaches its gateway; read by scheduling/notify/transports alone.
# One that is not set up is off: a notice for it is dead at once, alarms, and goes another way.
EMAIL_HOST = ""  # production takes it from EMAIL_URL
NOTIFY = {
    "SNPP_HOST": str(env.str("SNPP_HOST", default="")),
    "SNPP_PORT": whole("SNPP_PORT", 444),
    # Text messages. The template has the one field ((text)); the sender is the id of a number
    # that takes replies, where there is one.
    "GOVUK_URL": str(env.str("GOVUK_URL", default="https://api.notifications.service.gov.uk")),
    "GOVUK_KEY": str(env.str("GOVUK_KEY", default="")),
    "GOVUK_TEMPLATE": str(env.str("GOVUK_TEMPLATE", default="")),
    "GOVUK_SENDER": str(env.str("GOVUK_SENDER", default="")),
    # What GOV.UK Notify shows us when it calls with a receipt or a reply; without it, it may not.
    "GOVUK_CALLBACK_TOKEN": str(env.str("GOVUK_CALLBACK_TOKEN", default="")),
    # The channels whose messages say "Reply 4821 to acknowledge": only where a reply reaches us.
    "REPLIES": listed("REPLIES"),
    "WEBHOOK_SECRET": str(env.str("WEBHOOK_SECRET", default="")),
    "WEBHOOK_HOSTS": listed("WEBHOOK_HOSTS"),  # the only ones we call: host or host:port
    # The systems that may call us, each name=secret; the name stands in the trail.
    "INBOUND_SECRETS": listed("INBOUND_SECRETS"),
    # Where workflows of Teams live; .example.org stands for every host below it.
    "TEAMS_HOSTS": listed("TEAMS_HOSTS"),
    # Our private key for web push (`manage.py push_key` makes one), and the browsers' makers.
    "PUSH_KEY": str(env.str("PUSH_KEY", default="")),
    "PUSH_HOSTS": listed(
        "PUSH_HOSTS",
        (
            "fcm.googleapis.com",
            "updates.push.services.mozilla.com",
            ".notify.windows.com",
            ".push.apple.com",
        ),
    ),
    # What an address of the library Apprise may begin with, as ntfys or slack.
    "APPRISE_SCHEMES": listed("APPRISE_SCHEMES"),
    "PLAIN_HTTP": False,  # for the demo's and the tests' loopback alone
    "CONSOLE": False,
}

# Watching the watchers. Heartbeats say of which PROCESS and BUILD they are.
PROCESS = str(env.str("MSCC_PROCESS", default="mscc"))
BUILD = str(env.str("MSCC_BUILD", default=""))
# The outside dead-man switch: asked every minute while all is well; the others are optional.
DEADMAN_URL = str(env.str("DEADMAN_URL", default=""))
DEADMAN_FAIL_URL = str(env.str("DEADMAN_FAIL_URL", default=""))
DEADMAN_PAUSE_URL = str(env.str("DEADMAN_PAUSE_URL", default=""))
DEADMAN_PAUSE_KEY = str(env.str("DEADMAN_PAUSE_KEY", default=""))
# Who is told by plain email, past the outbox, when targets may not be watched.
WATCH_EMAIL = listed("WATCH_EMAIL")
WATCH_FOLDER = str(env.str("WATCH_FOLDER", default=tempfile.gettempdir()))
# Lets a Prometheus server read /metrics from elsewhere than this machine.
METRICS_TOKEN = str(env.str("METRICS_TOKEN", default=""))

# When everybody on duty gets the test page of the day, in local time.
TEST_PAGE_AT = time_of_day("TEST_PAGE_AT", "10:00")

# The copy of the board for when the system is down: where it is written, who can open it (age
# public keys), and how many are kept at each place.
DOWNTIME_PACK_PLACES = listed("DOWNTIME_PACK_PLACES")
DOWNTIME_PACK_KEYS = listed("DOWNTIME_PACK_KEYS")
DOWNTIME_PACK_KEEP = whole("DOWNTIME_PACK_KEEP", 48)
DOWNTIME_PACK_PLAIN = False

# API.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "mscc.people.backends.PeopleTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["mscc.rest.reading.StrictJSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "mscc.rest.reading.AlwaysJson",
    "DEFAULT_SCHEMA_CLASS": "mscc.rest.schema.Described",
    "EXCEPTION_HANDLER": "mscc.api.refused",
    "STRICT_JSON": True,
    "UNICODE_JSON": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "MSCC coordination API",
    "VERSION": "1.0.0",
    "DESCRIPTION": (
        "The same commands and reads as the screens, with the same rules about who may see and "
        "do what. Times have an offset. A POST may carry an Idempotency-Key: sent again, it gets "
        "its first answer. If-Match with the ETag of a referral makes a command refuse to act on "
        "what has changed since. Refusals are problems as in RFC 9457."
    ),
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    # Enumerations stay where they are used: a name for each would have to be invented.
    "POSTPROCESSING_HOOKS": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# Logs: facts with an allow-list of keys, in UTC, on standard output.
LOG_JSON = switch("LOG_JSON", True)
LOG_LEVEL = str(env.str("LOG_LEVEL", default="INFO")).upper()
LOGGING_CONFIG = None
LOGGING = logging_config(level=LOG_LEVEL, as_json=LOG_JSON)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = True
