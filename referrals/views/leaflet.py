"""Information for the person and their family, to read together and to print (1.2.1 to 1.2.4)."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from mscc import clock
from mscc.people.models import User
from referrals.clinical.leaflet import (
    ENGLISH,
    Language,
    Sheet,
    conditions,
    language_of,
    languages,
    proposed,
)
from referrals.domain.discharge_plan import plan_of
from referrals.domain.queries.facts import facts_of
from referrals.domain.queries.person import Story, story
from referrals.models import Referral
from referrals.views.actions import ACTIONS, address
from referrals.views.base import record_read, visible_referral
from referrals.views.letter import service_line

# An address says which sheet by its number: what somebody has is nobody's browser history.
_NUMBERED = dict(enumerate(Sheet, start=1))
LARGE = "large"


@dataclass(frozen=True, slots=True)
class Choice:
    """How the page is asked for: which sheet, in which language, how large."""

    sheet: Sheet
    language: str
    large: bool

    def query(self, **other: str) -> str:
        """The query that asks for this again, with something changed."""
        number = next(n for n, sheet in _NUMBERED.items() if sheet is self.sheet)
        asked = {"sheet": str(number), "language": self.language}
        asked |= {"size": LARGE} if self.large else {}
        return "?" + "&".join(f"{key}={value}" for key, value in (asked | other).items() if value)


@require_safe
def information(request: HttpRequest, reference: str) -> HttpResponse:
    """`?sheet=` is a number, `?language=` the name of a file, `?size=large` for large print."""
    referral, at = visible_referral(request, reference), clock.now()
    read = story(referral)
    facts, patient = facts_of(read, at), referral.patient
    theirs = language_of(patient.language, languages())
    asked = request.GET.get("sheet", "")
    sheet = _NUMBERED.get(int(asked) if asked.isdecimal() and len(asked) < 3 else 0)
    language = request.GET.get("language", "")
    choice = Choice(
        sheet or proposed(facts, going_home=not referral.is_open),
        language if language in languages() else theirs or ENGLISH,
        request.GET.get("size") == LARGE,
    )
    words = languages()[choice.language]
    context = {
        "referral": referral,
        "patient": patient,
        "at": at,
        "language": words,
        "large": choice.large,
        "sections": words.sheet({choice.sheet.value, *conditions(facts, choice.sheet)}),
        "contacts": list(_contacts(read, choice.sheet, words)),
        "untranslated": theirs is None and choice.language == ENGLISH,
        "record_href": _where_to_record(request.user, referral),
        "choices": _choices(choice, reverse("referral-information", args=[reference])),
    }
    record_read(request, referral, "print")
    return render(request, "referrals/information.html", context)


def _where_to_record(user: User, referral: Referral) -> str:
    """The item of the care bundle; empty for whoever may not record it here and now."""
    care = ACTIONS["care"]
    page = address(care, referral)
    return f"{page}#item-information" if care.open_to(user, referral) else ""


def _choices(chosen: Choice, page: str) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """What can be chosen: (heading, [(text, address, whether it is what is shown)])."""
    sheets = [
        (sheet.label, page + chosen.query(sheet=str(number)), sheet is chosen.sheet)
        for number, sheet in _NUMBERED.items()
    ]
    sizes = [
        ("Usual print", page + chosen.query(size=""), not chosen.large),
        ("Large print", page + chosen.query(size=LARGE), chosen.large),
    ]
    spoken = [
        (each.name, page + chosen.query(language=key), key == chosen.language)
        for key, each in languages().items()
    ]
    return [("Which sheet", sheets), ("Print", sizes), ("Language", spoken)]


def _contacts(read: Story, sheet: Sheet, language: Language) -> Iterator[tuple[str, str, str]]:
    """Whom they ring: (who it is, in their language; a name; a number, empty to be written in)."""
    referral, words = read.referral, language.words
    # The service's own line alone: whoever is on duty now is not when the sheet is read again.
    yield words["service"], "", service_line(referral)
    if sheet is Sheet.GOING_HOME:
        name, number, told = _leaving(read, referral)
        if name:
            yield words["lead"], name, number
        if told:
            yield words["told"], told, ""


def _leaving(read: Story, referral: Referral) -> tuple[str, str, str]:
    """Name and number of who leads the discharge, and whom they were told to ring."""
    if read.discharges and not referral.is_open:
        left = read.discharges[-1]
        return left.lead_name, left.lead_phone, left.new_symptoms_contact
    plan = plan_of(read.discharge_steps)
    return plan.lead_name, plan.note("lead_phone"), plan.note("contact")
