"""`./dev test`: every check, one line each, then every test on servers made for the run."""

import contextlib
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

from mscc.runtime import assets
from mscc.runtime.places import ROOT, Trouble, python_environment
from mscc.runtime.servers import passing_servers
from mscc.runtime.supervisor import Stopped, Supervisor

PYTHON = sys.executable
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
TEST_SETTINGS = {"DJANGO_SETTINGS_MODULE": "mscc.settings.test"}
# Enough for production settings to start; no one reaches anything at these addresses.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "mscc.settings.production",
    "ALLOWED_HOSTS": "mscc.example.nhs.uk",
    "PUBLIC_URL": "https://mscc.example.nhs.uk",
    "EMAIL_URL": "smtp+tls://user:password@smtp.example.nhs.uk:587",
    "EMAIL_FROM": "mscc@example.nhs.uk",
    "DOWNTIME_PACK_PLACES": "/srv/mscc/one,/srv/mscc/two",
    "DOWNTIME_PACK_KEYS": "age13dfa9vndursgwr5ard2p0tan6vavcszcxkx3srlefwnfw9sqq37skft8tg",
}


def main(arguments: list[str]) -> int:
    """0 when every check and every test passed. Arguments go to pytest and skip the checks."""
    only_checks = arguments == ["--only-checks"]
    chosen = [] if only_checks else arguments
    assets.build()
    failed: list[str] = []
    with Supervisor() as supervisor, tempfile.TemporaryDirectory() as spare:
        if not chosen:
            for name, check in checks(supervisor, Path(spare)):
                if not _passes(name, check):
                    failed.append(name)
        if not only_checks:
            if not chosen:
                say(browser())
            if not run_tests(supervisor, chosen):
                failed.append("tests")
    if failed and failed != ["tests"]:
        say(f"FAILED: {', '.join(failed)}")
    return 1 if failed else 0


def run_tests(supervisor: Supervisor, chosen: list[str]) -> bool:
    """pytest with the terminal to itself, on PostgreSQL and Valkey that vanish afterwards."""
    with passing_servers(supervisor) as urls:
        argv = [PYTHON, "-m", "pytest", *(chosen or ["-q", "-n", "2", "--dist", "loadgroup"])]
        env = python_environment({**urls, **TEST_SETTINGS})
        return supervisor.run("tests", argv, env, output="plain").code == 0


def checks(supervisor: Supervisor, spare: Path) -> Iterator[tuple[str, Callable[[], str]]]:
    """Name and check; a check answers with what is wrong, or with nothing."""

    def command(*argv: str | Path, **env: str) -> Callable[[], str]:
        def run() -> str:
            # No check looks into a database; the settings only want to see an address.
            urls = {"DATABASE_URL": "postgres://nobody@127.0.0.1:9/none"}
            full = python_environment({**urls, "REDIS_URL": "redis://127.0.0.1:9/0", **env})
            done = supervisor.run(str(argv[0]), argv, full, output="quiet")
            return done.output or f"exit code {done.code}" if done.code else ""

        return run

    tools, manage = Path(PYTHON).parent, (PYTHON, ROOT / "manage.py")
    live = {**PRODUCTION, "SECRET_KEY": secrets.token_urlsafe(60), "STATIC_ROOT": str(spare)}
    yield "style", command(tools / "ruff", "check", "--quiet")
    yield "format", command(tools / "ruff", "format", "--check", "--quiet")
    yield "types", command(tools / "mypy", "--no-error-summary")
    yield "imports", command(tools / "lint-imports", "--no-logo")
    yield "migrations", command(*manage, "makemigrations", "--check", **TEST_SETTINGS)
    yield "production", command(*manage, "check", "--deploy", "--fail-level", "WARNING", **live)
    yield "static files", command(*manage, "collectstatic", "--no-input", "-v0", **live)
    yield "licences", _one_state_machine
    yield "locks", _no_hosts


def _one_state_machine() -> str:
    """`django-fsm` is AGPL from version 5 and writes into the folder of django-fsm-2."""
    try:
        metadata.distribution("django-fsm")
    except metadata.PackageNotFoundError:
        return ""
    return "The distribution django-fsm is installed: only django-fsm-2 may be."


def _no_hosts() -> str:
    """A host in a lock file would bind every installation to one registry."""
    files = (*ROOT.glob("requirements*.txt"), ROOT / "package-lock.json")
    found = [file.name for file in files if re.search(r"://|resolved", file.read_text())]
    return f"{', '.join(found)} names a host: write it again with ./dev lock." if found else ""


def _passes(name: str, check: Callable[[], str]) -> bool:
    began = time.monotonic()
    wrong = check()
    say(f"{name:>13} {'FAILED' if wrong else 'ok':<6} {time.monotonic() - began:5.1f} s")
    if wrong:
        say(wrong)
    return not wrong


def browser() -> str:
    """Make sure of a Chromium for the browser journeys, or say how to get one."""
    if found := next(filter(None, map(shutil.which, BROWSERS)), None):
        return f"{'browser':>13} {found}"
    apt = shutil.which("apt-get")
    if os.geteuid() == 0 and apt:
        say(f"{'browser':>13} installing Chromium")
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
            with contextlib.suppress(subprocess.TimeoutExpired):
                command = [apt, "-qq", *step]
                subprocess.run(command, env=env, capture_output=True, check=False, timeout=300)
        if found := shutil.which("chromium"):
            return f"{'browser':>13} {found}"
    return (
        "BROWSER JOURNEYS ARE SKIPPED: there is no Chromium. "
        "As root, apt-get install chromium, then repeat."
    )


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    os.chdir(ROOT)
    try:
        sys.exit(main(sys.argv[1:]))
    except Trouble as trouble:
        sys.exit(str(trouble))
    except Stopped:
        sys.exit(130)
