"""One referral through its whole life, and nothing of the person where it does not belong.

Not in a log, an address, a title or anything that leaves the house (security: 14.2.1, 14.2.3,
16.2.5). What was typed is searched for in everything that was written, in several spellings.
"""

import io
import logging
import re
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser

import pytest
import structlog
from django.db import DataError
from django.test import Client

from mscc import clock
from mscc.people.models import Session, Specialty
from referrals.clinical.presentation import CORD_ITEMS
from referrals.models import Opinion, Referral
from scheduling.domain.rounds import dispatch_round, sweep_round
from tests.factories.people import PASSWORD, ContactPointFactory, person
from tests.factories.referrals import nhs_number

pytestmark = pytest.mark.django_db(transaction=True)

# Words that occur nowhere else, in everything somebody can type about a person.
SEEDED = {
    "family_name": "Quillfeather",
    "given_name": "Zephyrine",
    "allergies": "saffronvine",
    "language": "Ubykhish",
    "communication_needs": "hums Ouvertura",
    "place_note": "Bay Xanthippe",
    "narrative": "Collapsed beside Grandfather Clockmaker",
    "role": "Orchardkeeper",
    "responsible_consultant": "Dr Vervain",
}
BORN = (23, 4, 1951)


class Fields(HTMLParser):
    """What each form of a page would send if it were sent as it stands."""

    def __init__(self, html):
        super().__init__()
        self.forms, self._name, self._select = [], "", ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append({})
        if not self.forms or "name" not in given:
            if tag == "option" and "selected" in given and self._select:
                self.forms[-1][self._select] = given.get("value", "")
            return
        chosen = given.get("type") not in ("radio", "checkbox") or "checked" in given
        if tag == "input" and chosen and given.get("type") != "submit":
            self.forms[-1][given["name"]] = given.get("value", "")
        self._name = given["name"] if tag == "textarea" else ""
        self._select = given["name"] if tag == "select" else ""

    def handle_data(self, data):
        if self._name:
            self.forms[-1][self._name] = data.strip()

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._name = ""


class Browser:
    """A browser that remembers every address and every title it was shown."""

    def __init__(self, seen):
        self.client, self.seen = Client(enforce_csrf_checks=True), seen
        self.client.raise_request_exception = False
        self.at = ""

    def open(self, path, expected=200):
        return self._shown(path, self.client.get(path), expected)

    def send(self, path, typed, *, expected=302, on=""):
        """Fill the form of a page in and send it; `on` is another page that holds it."""
        page = self.open(on or path)
        forms = [form for form in Fields(page).forms if "csrfmiddlewaretoken" in form]
        data = {**max(forms, key=len), **typed}
        return self._shown(path, self.client.post(path, data), expected)

    def _shown(self, path, answer, expected):
        self.at = answer.headers.get("Location", path)
        html = answer.content.decode()
        titles = re.findall(r"<title>(.*?)</title>", html, re.S)
        headers = [f"{name}: {value}" for name, value in answer.headers.items()]
        self.seen += [path, *titles, *headers]
        assert answer.status_code == expected, (path, answer.status_code, unescape(html)[-3000:])
        return html

    def sign_in(self, user):
        self.send("/accounts/login/", {"login": user.email, "password": PASSWORD})
        return self


@pytest.fixture
def log():
    """All that is logged, as it is written to standard output."""
    [handler] = [
        handler
        for handler in logging.root.handlers
        if isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter)
    ]
    out = io.StringIO()
    before, disabled = handler.setStream(out), logging.root.manager.disable
    logging.disable(logging.NOTSET)
    yield out
    logging.disable(disabled)
    handler.setStream(before)


def moment(name, at):
    there = clock.local(at)
    return {
        f"{name}-choice": "earlier",
        f"{name}-day": there.day,
        f"{name}-month": there.month,
        f"{name}-year": there.year,
        f"{name}-time": f"{there:%H:%M}",
    }


def spellings(number):
    """Everything that identifies, each in the ways it is written."""
    day, month, year = BORN
    born = [f"{year}-{month:02}-{day:02}", f"{day} April {year}", f"{day} Apr {year}"]
    numbers = [number, f"{number[:3]} {number[3:6]} {number[6:]}"]
    return [*SEEDED.values(), *(word.upper() for word in SEEDED.values()), *born, *numbers]


def refer(nurse, number):
    """The ward's form, with a wrong number first and a session that runs out in between."""
    nurse.open("/refer/new/", expected=302)
    draft = nurse.at.removesuffix("nhs-number/")
    wrong = number[:9] + str((int(number[9]) + 1) % 10)
    nurse.send(f"{draft}nhs-number/", {"nhs_number": wrong, "go": "on"}, expected=422)
    nurse.send(f"{draft}nhs-number/", {"nhs_number": number, "go": "on"})
    born = dict(zip(("day", "month", "year"), BORN, strict=True))
    typed = {f"date_of_birth-{box}": text for box, text in born.items()} | SEEDED
    nurse.send(f"{draft}person/", {**typed, "go": "on"})
    nurse.send(f"{draft}referrer/", {**SEEDED, "call_back": "bleep 4321", "go": "on"})
    signs = {item.id: "yes" if item.id == "gait" else "no" for item in CORD_ITEMS}
    signs |= {"cancer": "past_or_current", "suspected_at-choice": "now", "go": "on"}
    nurse.send(f"{draft}noticed/", {**SEEDED, **signs})
    nurse.send(f"{draft}examined/", {"mobility": "walks_with_aid", "go": "on"})
    nurse.send(f"{draft}done/", {"go": "on"})
    nurse.send(f"{draft}check/", {"go": "send"})
    nurse.open(nurse.at)


def follow(nurse, one):
    """What the ward does afterwards."""
    signs = {"cord": "radicular", "text": SEEDED["narrative"], "found_at-choice": "now"}
    nurse.send(f"{one}new-signs/", signs)
    nurse.open(f"{one}complete/")
    nurse.open("/refer/")


def look_around(coordinator, one, number):
    """Everything that shows the person, and every search for them."""
    for path in ("/board/", "/board/rows/", one, f"{one}print/", "/notices/"):
        coordinator.open(path)
    coordinator.open(f"{one}letter/", expected=409)
    shown = unescape(coordinator.open(one))
    assert SEEDED["family_name"].upper() in shown
    assert SEEDED["narrative"] in shown
    for wanted in (SEEDED["family_name"], number, SEEDED["narrative"]):
        coordinator.send("/board/search/", {"q": wanted}, expected=200, on="/board/")
    look_up = {"nhs_number": number}
    coordinator.send("/refer/telephone/look-up/", look_up, expected=200, on="/refer/telephone/")


def carry(coordinator, one, now):
    """From triage to the decision, with the person's name in every text that is typed."""
    words = f"{SEEDED['given_name']} {SEEDED['family_name']}: {SEEDED['narrative']}"
    coordinator.send(f"{one}take/", {})
    coordinator.send(f"{one}triage/", {"suspicion": "mscc", "reason": words})
    coordinator.send(f"{one}advise/", {"pain": words, "how": "phone", "read_back": "on"})
    slot = moment("slot_at", now + timedelta(days=3))
    coordinator.send(f"{one}book-mri/", slot, expected=422)
    coordinator.send(f"{one}book-mri/", {**slot, "late_reason": words, "overnight_reason": words})
    scan = {"modality": "mri", "whole_spine": "yes", "performed_at-choice": "now"}
    coordinator.send(f"{one}scan/", scan)
    report = {"outcome": "mscc", "report": words, "reported_by": words[:40]}
    coordinator.send(f"{one}report/", {**report, "reported_at-choice": "now"})
    ask = {"specialty": "spinal_surgery", "question": words, "asked_at-choice": "now"}
    coordinator.send(f"{one}ask/", ask)
    decision = {"plan": "radiotherapy", "decided_by": words[:40], "rationale": words}
    decision |= {"consulted": ["oncology"], "radiotherapy_exception": "offered"}
    coordinator.send(f"{one}decide/", {**decision, "decided_at-choice": "now"})
    coordinator.send(f"{one}record/", {"kind": "radiotherapy_started", "note": words[:300]})
    coordinator.send(f"{one}add/note/", {"text": words, "topic": "note"})


def test_no_word_of_the_person_leaves_the_pages_it_belongs_on(team, gateways, log, monkeypatch):
    seen, number, now = [], nhs_number(), clock.now()
    nurse = Browser(seen).sign_in(team.nurse)
    coordinator = Browser(seen).sign_in(team.coordinator)
    surgeon_user = person("specialty_contact", team.place, Specialty.SPINAL_SURGERY)
    ContactPointFactory(user=surgeon_user, address=surgeon_user.email)
    surgeon = Browser(seen).sign_in(surgeon_user)

    refer(nurse, number)
    referral = Referral.objects.get(patient__nhs_number=number)
    one = f"/referrals/{referral.reference}/"
    status = Browser(seen).open(f"/status/{referral.status_token}/")
    look_around(coordinator, one, number)
    carry(coordinator, one, now)
    follow(nurse, one)
    opinion = Opinion.objects.get(referral=referral)
    surgeon.open("/opinions/")
    answer = {"answer": SEEDED["narrative"], "answered_by": SEEDED["responsible_consultant"]}
    surgeon.send(f"{one}opinions/{opinion.pk}/", {**answer, "answered_at-choice": "now"})

    # A form that arrives too late, and one that arrives when the database refuses it.
    Session.objects.filter(user=team.coordinator).update(seen_at=now - timedelta(minutes=16))
    page = f"{one}add/note/"
    late = {"text": SEEDED["narrative"], "topic": "note"}
    token = coordinator.client.cookies["mscc-csrf"].value
    coordinator._shown(
        page, coordinator.client.post(page, {**late, "csrfmiddlewaretoken": token}), 302
    )
    coordinator = Browser(seen).sign_in(team.coordinator)
    with monkeypatch.context() as broken:
        broken.setattr("referrals.domain.intake.add_information", refuses_with_the_row)
        coordinator.send(page, late, expected=500)

    # Targets are missed, people are paged, and it ends.
    for hours in (0, 1, 20, 30, 200):
        at = now + timedelta(hours=hours)
        sweep_round(lambda at=at: at)
        dispatch_round(lambda at=at: at)
    leaving = {"lead_name": SEEDED["responsible_consultant"], "destination": "home"}
    leaving |= {"open_items_reason": SEEDED["narrative"], "discharged_at-choice": "now"}
    coordinator.send(f"{one}discharge/", leaving)
    coordinator.open(f"{one}letter/")
    coordinator.open("/board/")

    written = {
        "a log": log.getvalue(),
        "an address, a title or a header": "\n".join(seen),
        "the status page": status,
        "something that left the house": gateways.everything(),
    }
    assert "request_finished" in log.getvalue()
    assert "DataError" in log.getvalue()
    assert referral.reference in gateways.everything()
    found = [
        (word, where)
        for where, text in written.items()
        for word in spellings(number)
        if word in text
    ]
    assert found == []


def refuses_with_the_row(*_args, **_command):
    """As PostgreSQL does: its message quotes what it was given."""
    raise DataError(f"Key (family_name)=({SEEDED['family_name']}) is too long")
