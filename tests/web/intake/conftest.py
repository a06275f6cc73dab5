"""A ward nurse at a browser, and what they would type."""

import pytest

from mscc import clock
from referrals.clinical.presentation import CORD_ITEMS
from referrals.models import Draft
from tests.factories.people import Place, person
from tests.factories.referrals import nhs_number
from tests.web.intake.reading import token_in


class Nurse:
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

    def get(self, page):
        return self.browser.get(self.path(page))

    def post(self, page, go="on", query="", **typed):
        """Fill one page in and press a button."""
        path = self.path(page)
        token = token_in(self.browser.get(path))
        typed = {name.replace("__", "-"): value for name, value in typed.items()}
        return self.browser.post(path + query, {"csrfmiddlewaretoken": token, "go": go, **typed})

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
        self.post("nhs-number", nhs_number=number or nhs_number())
        self.person()
        self.referrer()
        self.noticed(*yes, **noticed)
        self.examined()
        self.post("done")
        return self

    def send(self, **typed):
        return self.post("check", go="send", **typed)

    @property
    def kept(self):
        return Draft.objects.get(pk=self.draft)


@pytest.fixture
def place(db):
    made = Place.build()
    made.alliance.phone = "01632 960999"
    made.alliance.save()
    return made


@pytest.fixture
def nurse(signed_in, place):
    user = person("referrer", place, phone="bleep 4321")
    return Nurse(signed_in(user), user, place)


@pytest.fixture
def other_nurse(signed_in, place):
    """Somebody of another trust in the same alliance."""
    there = Place.build(place.alliance)
    user = person("referrer", there, phone="bleep 1234")
    return Nurse(signed_in(user), user, there)


@pytest.fixture
def coordinator(signed_in, place):
    user = person("coordinator", place, phone="01632 960555")
    return Nurse(signed_in(user), user, place)


@pytest.fixture(autouse=True)
def _at_a_fixed_time(monkeypatch):
    """Saturday morning, 09:00: the same in every test."""
    from tests.factories.referrals import AT

    monkeypatch.setattr(clock, "now", lambda: AT)
