"""A ward nurse at a browser, and what they would type."""

import re

import pytest

from mscc import clock
from referrals.clinical.presentation import CORD_ITEMS
from referrals.models import Draft
from tests.factories.people import Place, person
from tests.factories.referrals import AT, nhs_number
from tests.web.intake.reading import token_in


class Ward:
    """Somebody who refers, with the pages of one form in front of them."""

    def __init__(self, browser, user, place):
        self.browser, self.user, self.place = browser, user, place
        self.draft = ""

    def begin(self):
        """Press "Refer a person"."""
        answer = self.browser.get("/refer/new/")
        self.draft = answer.url.split("/")[2]
        return self

    def path(self, page):
        return f"/refer/{self.draft}/{page}/"

    def get(self, page, query=""):
        return self.browser.get(self.path(page) + query)

    def submit(self, path, **typed):
        """Open a page, fill its form in and send it."""
        token = token_in(self.browser.get(path))
        typed = {name.replace("__", "-"): value for name, value in typed.items()}
        return self.browser.post(path, {"csrfmiddlewaretoken": token, **typed})

    def post(self, page, go="on", **typed):
        """Fill one page of the form in and press one of its buttons."""
        return self.submit(self.path(page), go=go, **typed)

    def number(self, number=None):
        return self.post("nhs-number", nhs_number=number or nhs_number())

    def person(self, **typed):
        ward = str(self.place.ward.pk)
        return self.post("person", **({"family_name": "Example", "where": ward} | typed))

    def referrer(self, **typed):
        return self.post("referrer", **({"name": "Alex Ward", "call_back": "bleep 4321"} | typed))

    def noticed(self, *yes, cancer="past_or_current", **typed):
        answers = {item.id: "yes" if item.id in yes else "no" for item in CORD_ITEMS}
        pains = {name: "yes" for name in yes if name not in answers}
        said = {"cancer": cancer, "suspected_at__choice": "now", **answers, **pains}
        return self.post("noticed", **(said | typed))

    def examined(self, go="on", **typed):
        return self.post("examined", go=go, **({"mobility": "walks_with_aid"} | typed))

    def fill(self, *yes, number=None, **noticed):
        """Everything up to the page that checks it."""
        self.begin()
        self.number(number)
        self.person()
        self.referrer()
        self.noticed(*yes, **noticed)
        self.examined()
        self.post("done")
        return self

    def send(self, **typed):
        return self.post("check", go="send", **typed)

    def ticks(self):
        """A tick for each question on the page before sending."""
        page = self.get("check").content.decode()
        return dict.fromkeys(re.findall(r'name="(right-[^"]+)"', page), "on")

    def discard(self):
        token = token_in(self.browser.get("/refer/"))
        return self.browser.post(self.path("discard"), {"csrfmiddlewaretoken": token})

    @property
    def kept(self):
        return Draft.objects.get(pk=self.draft)


@pytest.fixture(autouse=True)
def _nine_on_a_saturday_morning(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)


@pytest.fixture
def at(monkeypatch):
    """Let the clock of the service show another moment."""

    def move(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    return move


@pytest.fixture
def place(db):
    made = Place.build()
    made.alliance.phone = "01632 960999"
    made.alliance.save()
    return made


@pytest.fixture
def ward(signed_in, place):
    user = person("referrer", place, phone="bleep 4321")
    return Ward(signed_in(user), user, place)


@pytest.fixture
def other_ward(signed_in, place):
    """A ward of another trust in the same alliance."""
    there = Place.build(place.alliance)
    user = person("referrer", there, phone="bleep 1234")
    return Ward(signed_in(user), user, there)


@pytest.fixture
def coordinator(signed_in, place):
    user = person("coordinator", place, phone="01632 960555")
    return Ward(signed_in(user), user, place)
