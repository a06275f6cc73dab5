"""compose.yaml, Caddyfile and Dockerfile as far as they can be held to their word unbuilt."""

import re
from typing import Any

import pytest
import yaml

from mscc.runtime import run as supervised
from mscc.runtime.places import ROOT
from tests.deploy.test_settings import listed

DEPLOY = ROOT / "deploy"
PRODUCT = ("web", "worker", "beat", "guardian", "migrate")
URLS = {"DATABASE_URL": "postgres://", "REDIS_URL": "redis://"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def test_what_compose_asks_for_is_in_its_example_and_nothing_else():
    texts = [(DEPLOY / name).read_text() for name in ("compose.yaml", "Caddyfile")]
    asked = set(re.findall(r"\{\$(\w+)\}|\$\{(\w+)", "".join(texts)))

    assert {one or other for one, other in asked} == set(listed("compose.env.example"))


def test_every_process_restarts_and_says_whether_it_is_well(compose):
    assert set(compose["services"]) == {*PRODUCT, "proxy", "postgres", "redis"}
    for name, service in compose["services"].items():
        assert service["restart"] == ("on-failure:5" if name == "migrate" else "unless-stopped")
        assert "healthcheck" in service or name == "migrate"


def test_nothing_of_the_product_starts_before_the_tables_are_there(compose):
    for name in PRODUCT[:-1]:
        waits = compose["services"][name]["depends_on"]
        assert waits == {"migrate": {"condition": "service_completed_successfully"}}


def test_only_the_migration_signs_in_as_the_owner_of_the_tables(compose):
    roles = {
        name: compose["services"][name]["environment"]["DATABASE_URL"].split("//")[1].split(":")[0]
        for name in PRODUCT
    }
    assert roles == {**dict.fromkeys(PRODUCT, "mscc_app"), "migrate": "mscc_owner"}


def test_only_the_proxy_can_be_reached_from_outside(compose):
    assert [n for n, s in compose["services"].items() if "ports" in s] == ["proxy"]
    assert compose["networks"]["inside"] == {"internal": True}
    for name in ("postgres", "redis"):
        assert compose["services"][name]["networks"] == ["inside"]


def test_the_product_runs_without_rights_it_does_not_need(compose):
    for name in PRODUCT:
        service = compose["services"][name]
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_broker_forgets_nothing_when_it_is_full_or_restarts(compose):
    said = compose["services"]["redis"]["command"][-1]
    assert "--appendonly yes" in said
    assert "--maxmemory-policy noeviction" in said


def test_processes_are_started_as_they_are_tried_every_day(compose):
    """What `./dev run` starts and what compose starts have the same flags that matter."""
    daily = {process.name: list(map(str, process.argv)) for process in supervised.background(URLS)}
    for name in ("worker", "beat"):
        command = compose["services"][name]["command"]
        flags = {word for word in daily[name] if word.startswith("--without")}
        assert flags <= set(command)
    assert compose["services"]["guardian"]["command"] == ["python", "manage.py", "guardian"]
    assert "--no-control-socket" in (DEPLOY / "Dockerfile").read_text()


def test_the_image_is_built_from_hashes_and_runs_as_nobody_in_particular():
    text = (DEPLOY / "Dockerfile").read_text()
    last = text[text.rindex("\nFROM ") :]

    assert "--require-hashes --no-deps --only-binary :all:" in text
    assert re.search(r"^USER 10001$", last, re.MULTILINE)
    assert "node" not in last.lower()


def test_what_the_image_copies_exists_and_is_let_through():
    text = (DEPLOY / "Dockerfile").read_text()
    allowed = (DEPLOY / "Dockerfile.dockerignore").read_text().split("\n")
    sources = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE)
        for source in line.split()[:-1]
    ]
    assert {"requirements.txt", "mscc", "deploy/probe.py"} <= set(sources)
    for source in sources:
        assert (ROOT / source).exists(), source
        assert f"!{source}" in allowed, source
