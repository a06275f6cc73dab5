"""Production refuses to start, in one line that names the setting and never its value."""

import subprocess
import sys

import pytest

GOOD = {
    "DJANGO_SETTINGS_MODULE": "mscc.settings.production",
    "SECRET_KEY": "k3" * 40 + "abcdefgh",
    "DATABASE_URL": "postgres://mscc:pass@db.example.org:5432/mscc",
    "REDIS_URL": "rediss://redis.example.org:6379/0",
    "ALLOWED_HOSTS": "mscc.example.nhs.uk",
    "PUBLIC_URL": "https://mscc.example.nhs.uk",
    "EMAIL_URL": "smtp+tls://user:password@smtp.example.org:587",
    "EMAIL_FROM": "mscc@example.nhs.uk",
    "DOWNTIME_PACK_PLACES": "/srv/mscc/one,/srv/mscc/two",
    "DOWNTIME_PACK_KEYS": "age13dfa9vndursgwr5ard2p0tan6vavcszcxkx3srlefwnfw9sqq37skft8tg",
    "WEBHOOK_HOSTS": "hooks.example.org",
    "WEBHOOK_SECRET": "w" * 40,
    "PATH": "/usr/bin:/bin",
}


def start(environment, *arguments):
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def load(environment):
    return start(environment, "-c", "import mscc.settings.production")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 80),
        ("DEBUG", "1"),
        ("DEBUG", "maybe"),
        ("DEMO", "on"),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "sqlite:////tmp/mscc.db"),
        ("DATABASE_URL", "mysql://root@localhost/mscc"),
        ("REDIS_URL", ""),
        ("REDIS_URL", "memory://"),
        ("ALLOWED_HOSTS", ""),
        ("ALLOWED_HOSTS", "*"),
        ("PUBLIC_URL", "http://mscc.example.nhs.uk"),
        ("EMAIL_URL", ""),
        ("EMAIL_URL", "consolemail://"),
        ("EMAIL_URL", "dummymail://"),
        ("EMAIL_URL", "pigeon://coop.example.org"),
        ("EMAIL_FROM", ""),
        ("WEBHOOK_SECRET", "short"),
        ("DOWNTIME_PACK_PLACES", ""),
        ("DOWNTIME_PACK_PLACES", "/srv/mscc/only"),
        ("DOWNTIME_PACK_PLACES", "/srv/mscc/same,/srv/mscc/same/"),
        ("DOWNTIME_PACK_PLACES", "/srv/mscc/one,not/from/the/root"),
        ("DOWNTIME_PACK_KEYS", ""),
        ("DOWNTIME_PACK_KEYS", "age1thisisnokey"),
        ("DOWNTIME_PACK_KEYS", "AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ"),
        ("DOWNTIME_PACK_KEEP", "0"),
        ("TEST_PAGE_AT", "25:00"),
        ("SESSION_IDLE_MINUTES", "0"),
        ("SESSION_IDLE_MINUTES", "-5"),
        ("SESSION_ABSOLUTE_HOURS", "soon"),
        ("MSCC_DB_STATEMENT_TIMEOUT_MS", "-1"),
        ("SECURE_HSTS_SECONDS", "0"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(setting, value):
    refused = load(GOOD | {setting: value})
    assert refused.returncode == 1
    [line] = refused.stderr.splitlines()
    assert line.startswith(f"Will not start. {setting}: ")
    if len(value) > 5:
        assert value not in line


def test_good_settings_start_and_the_deployment_check_has_nothing_to_say():
    checked = start(GOOD, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


def test_cookies_are_bound_to_this_host_and_to_tls():
    shown = start(
        GOOD,
        "-c",
        "from mscc.settings import production as p;"
        "print(p.SESSION_COOKIE_NAME, p.SESSION_COOKIE_SECURE, p.SESSION_COOKIE_HTTPONLY,"
        "p.CSRF_COOKIE_NAME, p.CSRF_COOKIE_SECURE, p.CSRF_COOKIE_HTTPONLY, p.DEMO, p.DEBUG)",
    )
    assert shown.stdout.split() == [
        "__Host-mscc-session", "True", "True", "__Host-mscc-csrf", "True", "True", "False", "False",
    ]  # fmt: skip


def test_the_demo_is_not_even_installed_in_production():
    shown = start(
        GOOD,
        "-c",
        "from mscc.settings import production as p; print('mscc.demo' in p.INSTALLED_APPS)",
    )
    assert shown.stdout.strip() == "False"


def test_each_connection_carries_its_limits():
    shown = start(
        GOOD | {"MSCC_DB_STATEMENT_TIMEOUT_MS": "60000"},
        "-c",
        "from mscc.settings import production as p;"
        "print(p.DATABASES['default']['OPTIONS']['options'])",
    )
    assert shown.stdout.split("-c ")[1:] == [
        "lock_timeout=2000 ",
        "statement_timeout=60000 ",
        "idle_in_transaction_session_timeout=15000\n",
    ]
