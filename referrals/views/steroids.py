"""Dexamethasone on a person's page: the course, what is due, and recording what happened."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from mscc import clock
from mscc.events import Command
from mscc.people.models import User
from mscc.web.filters import local
from referrals.clinical import steroids
from referrals.clinical.course import Course, Kind, Step, propose
from referrals.domain import dexamethasone
from referrals.domain.dexamethasone import TAKEN_BACK_HERE
from referrals.domain.queries.course import (
    course_of,
    due_of,
    not_taken_back,
    standing_entries,
    told_by_ward,
)
from referrals.domain.queries.person import Story
from referrals.domain.refusals import Conflict
from referrals.forms.dexamethasone import DexamethasoneForm, TakeBackForm
from referrals.models import DexamethasoneEntry, Referral
from referrals.views.actions import ACTIONS
from referrals.views.command import CommandView
from referrals.views.rules import rules_of
from referrals.views.words import dexamethasone_line

_SAID = {
    Kind.START: "Dexamethasone started",
    Kind.CHANGE: "Dose of dexamethasone changed",
    Kind.PLAN: "Taper of dexamethasone planned",
    Kind.STOP: "Dexamethasone stopped",
}


class RecordDexamethasone(CommandView):
    """One entry of the course. What the ward said was given is proposed as its start."""

    name = "steroids"
    form_class = DexamethasoneForm
    template = "referrals/steroids.html"

    def initial(self) -> dict[str, Any]:
        course = course_of(self.story)
        asked = self.request.GET.get("kind", "")
        # Nothing is chosen beforehand: one press must not plan a taper that nobody meant.
        kind = asked if asked in set(Kind) else ""
        given: dict[str, Any] = {"kind": kind, "taper": _proposal(course, self.at)}
        if wrong := _taken_back(self.story, self.request.GET.get("instead", "")):
            return given | _as_typed(wrong)
        told = told_by_ward(self.story.care)
        if told is not None and any(e.told for e in course.current):
            dose = told.dexamethasone_mg
            given |= {"start_mg": f"{float(dose):g}" if dose else "", "reason": "Told by the ward."}
            if told.dexamethasone_at:
                given["happened_at"] = told.dexamethasone_at
        return given

    def more(self, form: DexamethasoneForm) -> dict[str, Any]:
        return {"course": card(self.story, self.request.user, self.at)}

    def on_behalf_of(self, form: DexamethasoneForm) -> str:
        named: str = form.cleaned_data["decided_by"].strip()
        return "" if named == self.request.user.name else named

    def carry_out(self, form: DexamethasoneForm, command: Command) -> Referral:
        return dexamethasone.record_dexamethasone(self.which(), form.details(), command=command)

    def said(self, form: DexamethasoneForm) -> str:
        entry = form.details()
        dose = f": {entry.daily_mg:g} mg a day" if entry.daily_mg else ""
        return f"{_SAID[entry.kind]}{dose}, {local(entry.at or form.at)}."


class TakeBackDexamethasone(CommandView):
    """A change of dose or a taper that was entered wrongly; the right one can follow at once."""

    name = "steroids"
    form_class = TakeBackForm
    heading = "Take an entry of dexamethasone back"
    submit = "Take it back"
    template = "referrals/steroids_take_back.html"

    def dispatch(
        self, request: HttpRequest, reference: str, entry_id: UUID, **kwargs: Any
    ) -> HttpResponse:
        self.entry_id = entry_id
        return super().dispatch(request, reference, **kwargs)

    @cached_property
    def entry(self) -> DexamethasoneEntry:
        """The entry of the address; Http404 for one that cannot be taken back here."""
        for row in self.story.dexamethasone:
            if row.pk == self.entry_id and row.kind in TAKEN_BACK_HERE and not row.takes_back_id:
                return row
        raise Http404

    def refusal(self) -> Conflict | None:
        if self.entry in not_taken_back(self.story.dexamethasone):
            return None
        return Conflict("This entry was taken back already. Look at what the course says now.")

    def more(self, form: TakeBackForm) -> dict[str, Any]:
        return {"entry": self.entry, "words": dexamethasone_line(self.entry)}

    def carry_out(self, form: TakeBackForm, command: Command) -> Referral:
        self.again = form.again
        details = form.details_of(self.entry.pk)
        return dexamethasone.take_back(self.which(), details, command=command)

    def said(self, form: TakeBackForm) -> str:
        return f"Taken back: {dexamethasone_line(self.entry)}."

    def after(self) -> str:
        if not self.again:
            return super().after() + "#dexamethasone"
        page = reverse("referral-steroids", args=[self.referral.reference])
        return f"{page}?instead={self.entry.pk}"


def _taken_back(read: Story, entry_id: str) -> DexamethasoneEntry | None:
    """The entry of this id that was taken back; None when there is none."""
    holding = not_taken_back(read.dexamethasone)
    given = [row for row in read.dexamethasone if not row.takes_back_id and row not in holding]
    return next((row for row in given if str(row.pk) == entry_id), None)


def _as_typed(row: DexamethasoneEntry) -> dict[str, Any]:
    """An entry as the form would hold it, to be put right."""
    dose = {"change_mg": f"{float(row.daily_mg):g}"} if row.daily_mg else {}
    steps = tuple(Step(date.fromisoformat(each["on"]), each["daily_mg"]) for each in row.taper)
    said = {"kind": row.kind, "reason": row.reason, "happened_at": row.occurred_at}
    return said | dose | ({"taper": steps} if steps else {})


def _proposal(course: Course, at: datetime) -> tuple[Step, ...]:
    """A taper from the dose that is taken now, beginning tomorrow: today's is given."""
    taken = course.taken(at)
    dose = taken.daily_mg if taken and taken.daily_mg else steroids.FULL_DOSE_MG
    return propose(dose, clock.local(at).date() + timedelta(days=1))


def card(read: Story, user: User, at: datetime) -> dict[str, Any]:
    """What the person's page shows: what is taken, what is due, the entries, what applies."""
    action, referral = ACTIONS["steroids"], read.referral
    course = course_of(read)
    may = action.open_to(user, referral)
    return {
        "now": _now(course, at),
        "told": any(each.told for each in course.current),
        "rows": list(_rows(read, course)),
        "due": [(each, each.due_at <= at) for each in due_of(read)],
        **rules_of(steroids.conclude, read, at),
        "href": reverse("referral-steroids", args=[referral.reference]) if may else "",
    }


def _now(course: Course, at: datetime) -> str:
    """What is taken now, in a sentence that says how it is known."""
    if not course.entries:
        return "None recorded."
    taken = course.taken(at)
    if taken is None:
        return f"Stopped {local(course.entries[-1].at)}."
    since = local(taken.since)
    if taken.as_planned and not taken.daily_mg:
        return f"Planned to have ended {since}. Nobody has recorded the stop."
    dose = f"{taken.daily_mg:g} mg a day" if taken.daily_mg else "A dose nobody told"
    if taken.as_planned:
        return f"{dose} since {since}, as planned. Nobody has recorded this step."
    return f"{dose} since {since}."


def _rows(read: Story, course: Course) -> Iterator[dict[str, Any]]:
    """The course as a table, from old to new."""
    for each in course.entries:
        if each.told:
            dose = f": {each.daily_mg:g} mg" if each.daily_mg else ""
            what = f"Given, as the ward told{dose}"
            yield {"at": each.at, "what": what, "why": "", "by": read.referral.referrer_name}
    for row, when in standing_entries(read):
        yield {
            "at": when,
            "what": dexamethasone_line(row),
            "why": row.reason,
            "by": _by(row),
            "href": take_back_href(read, row),
        }


def take_back_href(read: Story, row: DexamethasoneEntry) -> str:
    """Where an entry is taken back; empty for a start and a stop, which the timeline corrects."""
    if row.kind not in TAKEN_BACK_HERE:
        return ""
    return reverse("referral-steroids-take-back", args=[read.referral.reference, row.pk])


def _by(row: DexamethasoneEntry) -> str:
    name = row.recorded_by.name if row.recorded_by else ""
    return f"{name}, for {row.on_behalf_of}" if row.on_behalf_of else name
