"""The documents tell the truth: what they name is there."""

import re

import pytest
from django.core.management import get_commands
from django.db import connection

from mscc.demo.people import PASSPHRASE, PEOPLE
from mscc.runtime.places import ROOT
from referrals.clinical.library import recommendations

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def text(name: str) -> str:
    return (ROOT / name).read_text()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere_in_the_house(document):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text()):
        assert (document.parent / target).exists(), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_that_is_named_exists(document):
    said = document.read_text()
    ours = re.findall(r"\./dev ([a-z]+)", said)
    assert set(ours) <= set(re.findall(r'^    "(\w+)": \[', text("dev"), re.MULTILINE)), ours
    asked = re.findall(r"(?:manage\.py|\./dev manage) ([a-z_]+)", said)
    assert set(asked) <= set(get_commands()), asked


def test_every_test_the_hazard_log_leans_on_is_there():
    named = re.findall(
        r"`([\w/]+\.py)`(?:: ((?:`test_\w+`(?:, )?)+))?", text("docs/safety/hazard-log.md")
    )
    assert len(named) > 30
    for file, tests in named:
        source = text(f"tests/{file}")
        for test in re.findall(r"`(\w+)`", tests):
            assert f"def {test}(" in source, f"{file}: {test}"


def test_every_file_on_the_way_of_a_referral_is_there():
    named = re.findall(
        r"`((?:mscc|referrals|scheduling|audit|tests)/[\w/*]+\.\w+)`",
        text("docs/one-referral-through-the-code.md"),
    )
    assert len(named) > 30
    assert [name for name in named if not list(ROOT.glob(name))] == []


def test_the_sign_ins_of_the_readme_are_those_of_the_demo():
    readme = text("README.md")
    assert PASSPHRASE in readme
    for someone in PEOPLE:
        assert f"`{someone.email.split('@')[0]}@" in readme, someone.email


def test_every_decision_is_in_the_list_and_says_what_follows():
    pages = sorted((ROOT / "docs" / "adr").glob("0*.md"))
    listed = re.findall(r"\]\((0\d{3}-[\w-]+\.md)\)", text("docs/adr/README.md"))
    assert listed == [page.name for page in pages]
    for page in pages:
        for heading in ("**Context.**", "**Decision.**", "**Consequences.**"):
            assert heading in page.read_text(), page.name


def test_the_glossary_cites_nothing_but_what_is_in_the_library():
    numbers = set(re.findall(r"\b1\.\d+\.\d+\b", text("docs/glossary.md")))
    assert len(numbers) > 15
    assert numbers <= set(recommendations())


@pytest.mark.django_db
def test_the_statements_of_the_runbook_are_understood_by_the_database():
    blocks = re.findall(r"```sql\n(.*?)```", text("docs/runbook.md"), re.DOTALL)
    statements = [part for block in blocks for part in block.split(";") if part.strip()]
    assert len(statements) == 4
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
