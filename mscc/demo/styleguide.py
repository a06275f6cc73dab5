"""A living page with every component, for looking at them and for the accessibility check.

Everything on it is invented here; it reads no database.
"""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from mscc import clock
from mscc.web.filters import duration
from referrals.domain.refusals import StaleVersion
from referrals.forms.base import CommandForm
from referrals.forms.fields import (
    CheckField,
    DateField,
    NotesField,
    RadioField,
    TextField,
    ThreeWayField,
    WhenField,
)

Row = SimpleNamespace
NUMBER = "01632 960 123"


class ExampleForm(CommandForm):
    name = TextField(label="Your name", width=20)
    born = DateField(label="Date of birth", help_text="For example 31 3 1960")
    cancer = RadioField(
        label="Does the person have cancer now, or have they ever had it?",
        choices=[
            ("past_or_current", "Yes, now or in the past"),
            ("suspected", "Not diagnosed, but suspected"),
            ("none", "No"),
            ("not_known", "Not known"),
        ],
        cancer=["past_or_current", "suspected"],
    )
    gait = ThreeWayField(
        label="Is walking difficult or unsteady?",
        help_text="Include falls, heavy legs, and not managing stairs as before.",
        onset="When did it begin?",
        cord_sign=True,
    )
    weakness = ThreeWayField(
        label="Is an arm or a leg weak?", onset="When did it begin?", cord_sign=True
    )
    when = WhenField(label="When was this noticed?")
    slot = WhenField(label="When is the MRI booked for?", now=False, future=True)
    done = CheckField(
        label="What has been done already?",
        choices=[("lying", "Lying flat"), ("dex", "Dexamethasone"), ("other", "Something else")],
    )
    other = TextField(label="What else?")
    notes = NotesField(label="Anything else", required=False, max_length=500)
    reveals = {"other": ("done", "other")}
    sections = [
        ("The person", ["name", "born", "cancer"]),
        ("What has been noticed", ["gait", "weakness", "when"]),
        ("What happens next", ["slot", "done", "notes"]),
    ]


def styleguide(request: HttpRequest) -> HttpResponse:
    """The page; `?wall` shows the wall board instead."""
    at = clock.now()
    if "wall" in request.GET:
        return render(request, "styleguide_wall.html", _wall(at))
    return render(request, "styleguide.html", _page(at))


def _page(at: datetime) -> dict[str, Any]:
    sent = ExampleForm(
        {
            "gait": "yes",
            "gait-day": "31",
            "gait-month": "2",
            "gait-year": str(at.year),
            "when-choice": "earlier",
            "when-day": "31",
            "when-month": "10",
            "when-year": "2027",
            "when-time": "01:30",
            "notes": "<script>alert(1)</script>",
        },
        at=at,
        auto_id="sent_%s",
    )
    sent.is_valid()
    sent.refuse(StaleVersion("Dr Example", at - timedelta(minutes=9), "MRI booked"), version=4)
    return {
        "at": at,
        "number": NUMBER,
        "patient": _patient(),
        "standings": [standing for _, standing in _standings(at)],
        "clocks": _clocks(at),
        "counts": _counts(),
        "rows": _rows(at),
        "events": _events(at),
        "neurology": _neurology(at),
        "key_information_parts": _key_information(),
        "actions": _actions(),
        "form": ExampleForm(at=at, version=3),
        "sent": sent,
    }


def _standings(at: datetime) -> list[tuple[str, Row]]:
    def standing(severity: str, word: str, minutes: float) -> Row:
        return Row(severity=severity, word=word, when=at + timedelta(minutes=minutes))

    return [
        ("MRI", standing("overdue", "Overdue by 1 h 12 min", -72)),
        ("Radiotherapy", standing("at_risk", "Due in 2 h 05 min", 125)),
        ("MRI", standing("due", "Due in 19 h", 19 * 60)),
        ("Contact", standing("met", "Met, 6 h to spare", -240)),
        ("Stability advice", standing("missed", "Missed by 3 h 20 min", -600)),
        ("MRI within a week", standing("superseded", "Replaced: now suspected MSCC", -60)),
        ("Radiotherapy", standing("excepted", "Stopped: MRI contraindicated, CT done", -30)),
    ]


def _clock(at: datetime, started: float, within: float, stopped: float | None = None) -> Row:
    begun = at - timedelta(hours=started)
    return Row(
        started_at=begun,
        at_risk_at=begun + timedelta(hours=within * 0.75),
        due_at=begun + timedelta(hours=within),
        stopped_at=None if stopped is None else begun + timedelta(hours=stopped),
    )


def _clocks(at: datetime) -> list[dict[str, Any]]:
    standings = [standing for _, standing in _standings(at)]
    drawn = [
        ("MRI within 24 hours", "NG234 1.5.2", _clock(at, 25.2, 24), standings[0], ""),
        ("Radiotherapy within 24 hours", "NG234 1.10.4", _clock(at, 22, 24), standings[1], ""),
        ("Advice within 24 hours", "NG234 1.3.3", _clock(at, 5, 24), standings[2], ""),
        ("Coordinator takes it", "NG234 1.3.2", _clock(at, 10, 0.25, 0.1), standings[3], ""),
        ("Advice on stability", "NG234 1.4.4", _clock(at, 40, 24, 27.3), standings[4], ""),
    ]
    keys = ("name", "source", "clock", "standing", "reason")
    return [dict(zip(keys, each, strict=True), at=at) for each in drawn]


def _counts() -> Row:
    return Row(overdue=3, at_risk=5, unread=2, open=41, care_overdue=6)


PEOPLE = (
    ("SURNAME-EXAMPLE, Given", "61", "Female", "Riverside General Hospital, ward 4C"),
    ("SAMPLE, Placeholder", "74", "Male", "Northgate Hospital, emergency department"),
    ("SPECIMEN, Invented", "58", "Female", "Hilltop Hospital, ward 9"),
    ("MADE-UP, Entirely", "66", "Male", "Riverside General Hospital, oncology assessment unit"),
    ("NOBODY, In Particular", "49", "Female", "Lakeside Hospital, ward 2"),
)


def _rows(at: datetime) -> list[Row]:
    references = ("K7Q-4F", "W3D-8L", "M2P-9C", "R8T-1X", "H5J-2N")
    standings = _standings(at)
    rows = []
    for index, (reference, person) in enumerate(zip(references, PEOPLE, strict=True)):
        unread = index < 2
        what, standing = standings[max(index - 2, 0)]
        if unread:
            what, standing = "Contact", Row(severity="due", word="Due in 9 min", when=at)
        rows.append(
            Row(
                reference=reference,
                version=1,
                severity=standing.severity,
                name=person[0],
                age=person[1],
                sex=person[2],
                place=person[3],
                state="Referred" if unread else "MRI booked",
                suspicion="Suspected MSCC" if index != 3 else "Suspected spinal metastases",
                what=what,
                standing=standing,
                holder="" if unread or index == 4 else "A. Coordinator",
                note="" if unread else "MRI booked 10:40",
                missing=f"{index} answers" if index > 1 else "",
                unread=unread,
                waiting=duration(60 * (6 + 7 * index)),
                call_back="01632 960 456",
                href="#",
                take_href="#" if unread else "",
                clocks=standings[:3],
                events=[(event["at"], event["what"]) for event in _events(at)[:3]],
            )
        )
    return rows


def _events(at: datetime) -> list[dict[str, Any]]:
    told = (
        (0.2, "look", "Read the referral", "A. Coordinator", {}),
        (1.1, "page", "Paged the coordinator: MRI overdue. Acknowledged after 3 min", "System", {}),
        (3, "clinical", "MRI booked for 10:40", "A. Coordinator", {"href": "#", "link": "Correct"}),
        (
            9,
            "clinical",
            "Found weaker in both legs",
            "Ward nurse, on behalf of B. Registrar",
            {"recorded_at": at - timedelta(hours=5), "note": "Cannot stand since the morning."},
        ),
        (
            23,
            "clinical",
            "MRI booked for 18:00",
            "A. Coordinator",
            {"struck": True, "reason": "scanner down"},
        ),
        (25.2, "call", "Referred by telephone", "C. Night coordinator", {}),
    )
    keys = ("kind", "what", "by")
    return [
        {"at": at - timedelta(hours=hours), **dict(zip(keys, said, strict=True)), **more}
        for hours, *said, more in told
    ]


def _patient() -> Row:
    return Row(
        given_name="Given",
        family_name="Surname-Example",
        date_of_birth=date(1965, 3, 5),
        get_sex_display=lambda: "Female",
        nhs_number="9990000018",
        nhs_number_absent_reason="",
        language="Polish",
        interpreter_needed=True,
        communication_needs="Hears with a hearing aid on the left",
        reasonable_adjustments="",
        allergies="Penicillin (rash)",
    )


def _neurology(at: datetime) -> dict[str, Any]:
    return {
        "times": [at - timedelta(hours=hours) for hours in (26, 20, 9, 2)],
        "grades": {
            "Right arm": [5, 5, 5, 5],
            "Left arm": [5, 5, None, 5],
            "Right leg": [4, 4, 3, 3],
            "Left leg": [4, 3, 2, 3],
        },
        "notes": [
            ("Walking", ["With an aid", "With an aid", "Cannot walk", "Cannot walk"]),
            ("Sensory level", ["", "", "T8", "T8"]),
        ],
    }


def _key_information() -> list[dict[str, Any]]:
    return [
        {
            "title": "Clinical presentation",
            "lines": ["Trouble walking since 19 November", "Weakness of both legs"],
            "missing": [],
            "href": "#",
        },
        {
            "title": "Neurological assessment",
            "lines": ["Power 3/5 in both legs, sensory level T8"],
            "missing": [("Bladder and bowel", "#"), ("Who examined, and when", "#")],
            "href": "",
        },
        {"title": "Frailty assessment", "lines": [], "missing": [("Frailty scale", "#")]},
    ]


def _actions() -> list[dict[str, str | bool]]:
    return [
        {"text": "Record the MRI as performed", "href": "#", "main": True},
        {
            "text": "Move the MRI",
            "href": "#",
            "why": "Gives the reason if it falls past the target",
        },
        {"text": "Ask for an opinion", "href": "#"},
        {"text": "Withdraw the referral", "href": "#", "rare": True, "why": "Made in error"},
    ]


def _wall(at: datetime) -> dict[str, Any]:
    places = ("Riverside General", "Northgate", "Hilltop", "Lakeside", "Riverside General")
    words = {
        "overdue": ("Overdue by 1 h 12 min", "Overdue by 8 min", "Overdue by 3 min"),
        "at_risk": ("Due in 12 min", "Due in 1 h 40 min", "Due in 2 h 05 min"),
        "due": ("Due in 9 h", "Due in 19 h", "Due in 2 days 4 h"),
    }

    def rows(severity: str) -> list[Row]:
        return [
            Row(
                reference=f"{severity[0].upper()}{index}K-4F",
                severity=severity,
                hospital=places[index],
                what=("MRI", "Radiotherapy", "Advice")[index],
                standing=Row(severity=severity, word=word, when=at),
            )
            for index, word in enumerate(words[severity])
        ]

    bands = [
        ("overdue", "Overdue", rows("overdue")),
        ("at_risk", "At risk", rows("at_risk")),
        ("next", "Next", rows("due")),
    ]
    return {"at": at, "counts": _counts(), "bands": bands, "number": NUMBER}


urlpatterns = [path("", styleguide, name="styleguide")]
