"""Everything that happened to one person, newest first, from every part of the product."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.urls import reverse

from mscc import clock
from referrals.clinical.milestones import MilestoneKind as Kind
from referrals.clinical.tools import Tool
from referrals.domain.dexamethasone import TAKEN_BACK_HERE
from referrals.domain.milestones import NOT_CORRECTED
from referrals.domain.queries.person import Story
from referrals.domain.queries.scores import score_line, titled
from referrals.models import Milestone, Note
from referrals.models.recorded import Recorded
from referrals.views import words
from referrals.views.care import of_timeline
from referrals.views.going_home import follow_up_lines, step_lines
from referrals.views.sitting import sitting_lines, sitting_name
from referrals.views.steroids import take_back_href
from referrals.views.treatment_words import consideration_lines, decision_words

FILTERS = {
    "": "Everything",
    "clinical": "Clinical",
    "call": "Calls",
    "page": "Pages",
    "look": "Looks",
}
# How a line says to whom a page went, and from how many on the pages of a day are one line.
_TOLD, FOLD_FROM = ": to ", 3
_SAME_TIME = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Item:
    """One line; `recorded_at` only when it was written down later than it happened, `lines` when
    it stands for several."""

    at: datetime
    kind: str
    what: str
    by: str
    note: str = ""
    recorded_at: datetime | None = None
    struck: bool = False
    reason: str = ""
    href: str = ""
    link: str = ""
    lines: tuple[Any, ...] = ()


def timeline(
    story: Story, others: Iterable[Any], *, may_correct: bool, show: str = ""
) -> list[Any]:
    """The lines to show, newest first. `others` are lines of other parts with an `at`.

    `show` is a key of FILTERS.
    """
    found = [
        *_findings(story),
        *_entries(story),
        *_course(story, may_correct),
        *_sittings(story),
        *_notes(story),
    ]
    lines = [*_facts(story, may_correct), *found, *others]
    wanted = [line for line in lines if not show or line.kind == show]
    return folded(sorted(wanted, key=lambda line: line.at, reverse=True))


def folded(lines: list[Any]) -> list[Any]:
    """The same lines, newest first; of one day's pages about the same thing with the same outcome
    only one is left, with how many there were and the others behind it."""
    days: dict[Any, list[Any]] = {}
    for line in lines:
        about, told, _ = line.what.partition(_TOLD)
        if line.kind == "page" and told:
            key = (clock.local(line.at).date(), about, line.note)
            days.setdefault(key, []).append(line)
    first = {id(same[0]): same for same in days.values() if len(same) >= FOLD_FROM}
    hidden = {id(line) for same in first.values() for line in same[1:]}
    return [
        _fold(first[id(line)]) if id(line) in first else line
        for line in lines
        if id(line) not in hidden
    ]


def _fold(same: list[Any]) -> Item:
    newest = same[0]
    about = newest.what.partition(_TOLD)[0]
    return Item(
        at=newest.at,
        kind=newest.kind,
        what=f"{about}: sent {len(same)} times",
        by=newest.by,
        note=newest.note,
        lines=tuple(same),
    )


def _facts(story: Story, may_correct: bool) -> Iterator[Item]:
    corrected_by = {row.supersedes_id: row for row in story.milestones if row.supersedes_id}
    notes = dict(_details(story))
    holds = {row.pk for row in story.standing}
    for row in story.milestones:
        if row.retracts:
            continue
        later = corrected_by.get(row.pk)
        correctable = row.pk in holds and Kind(row.kind) not in NOT_CORRECTED
        yield Item(
            at=row.occurred_at,
            kind=_kind(row),
            what=words.fact_in_words(row),
            by=_by(row),
            note=_note(row, notes, _own_entry(story, row)),
            recorded_at=_recorded(row),
            struck=later is not None,
            reason=_why(later),
            href=_correct(story, row) if may_correct and correctable else "",
            link="Correct" if may_correct and correctable else "",
        )


def _own_entry(story: Story, row: Milestone) -> datetime:
    """When the row beside this fact was written: a corrected follow-up has one of its own."""
    return row.recorded_at if row.kind == Kind.FOLLOWED_UP else story.first_recorded(row)


def _kind(row: Milestone) -> str:
    by_phone = "telephone" in row.details.values() or "phone" in row.details.values()
    return "call" if by_phone else "clinical"


def _note(row: Milestone, notes: dict[tuple[Any, ...], str], first: datetime) -> str:
    own = [str(row.details.get("note", "")), words.slot_in_words(row.details)]
    if row.kind in (Kind.TRIAGED, Kind.WITHDRAWN, Kind.REOPENED, Kind.SUSPICION_ENDED):
        own.append(str(row.details.get("reason", "")))
    elif row.kind == Kind.REDIRECTED:
        own += [str(row.details.get("to", "")), str(row.details.get("advice", ""))]
    opinion = row.details.get("opinion")
    found = notes.get((row.kind, opinion or first), "")
    return " ".join(part for part in (found, *own) if part)


def _details(story: Story) -> Iterator[tuple[tuple[Any, ...], str]]:
    """What the rows beside a milestone say of it, by its kind and moment (or question)."""
    yield from _dexamethasone(story)
    for advice in story.advice:
        text = " ".join(f"{topic}: {said}" for topic, said in advice.topics)
        back = " Read back." if advice.read_back else ""
        yield (Kind.ADVICE_GIVEN, advice.recorded_at), f"To {advice.given_to}. {text}{back}"
    for opinion in story.opinions:
        yield (Kind.OPINION_ASKED, str(opinion.pk)), opinion.question
        answer = f"{opinion.answered_by}: {opinion.answer}"
        yield (Kind.OPINION_ANSWERED, str(opinion.pk)), answer
    for scan in story.scans:
        where = f"At {scan.place.name}." if scan.place else ""
        reasons = (scan.late_reason, scan.transfer_reason, scan.overnight_reason)
        yield (Kind.MRI_BOOKED, scan.recorded_at), " ".join(p for p in (where, *reasons) if p)
        if scan.reported_at:
            by = f"Reported by {scan.reported_by}. " if scan.reported_by else ""
            yield (Kind.SCAN_REPORTED, _reported(story, scan.reported_at)), by + scan.report
    for decision in story.decisions:
        yield (Kind.DECISION_TO_TREAT, decision.recorded_at), decision_words(decision, story)
    for discharge in story.discharges:
        where = discharge.get_destination_display()
        lead = f"{where}. Led by {discharge.lead_name}. "
        yield (Kind.DISCHARGED, discharge.recorded_at), lead + discharge.open_items_reason
    for plan in story.care_plans:
        yield (Kind.CARE_PLAN_MADE, plan.recorded_at), f"By {plan.senior_clinician}. {plan.plan}"
    for asked in story.follow_ups:
        said = words.joined(follow_up_lines(asked))
        yield (Kind.FOLLOWED_UP, asked.recorded_at), f"At {asked.day} days. {said}"


def _dexamethasone(story: Story) -> Iterator[tuple[tuple[Any, ...], str]]:
    kinds = {"start": Kind.DEXAMETHASONE_STARTED, "stop": Kind.DEXAMETHASONE_STOPPED}
    for row in story.dexamethasone:
        if row.kind in kinds:
            said = words.joined([f"{words.dexamethasone_line(row)}.", row.reason])
            yield (kinds[row.kind], row.recorded_at), said


def _reported(story: Story, at: datetime) -> datetime | None:
    """When the report of this moment was first written down: what its milestone is known by."""
    found = [r for r in story.standing if r.kind == Kind.SCAN_REPORTED and r.occurred_at == at]
    return story.first_recorded(found[0]) if found else None


def _findings(story: Story) -> Iterator[Item]:
    kinds: tuple[tuple[str, list[Any], Any], ...] = (
        ("What was noticed", story.presentations, words.presentation_lines),
        ("Neurological examination", story.neurology, words.neurology_lines),
        ("Pain assessed", story.pain, words.pain_lines),
        ("Cancer and its stage recorded", story.cancer, words.cancer_lines),
        ("What treatment turns on recorded", story.considerations, consideration_lines),
        ("Performance status and frailty recorded", story.fitness, words.fitness_lines),
        ("MRI safety recorded", story.mri_safety, words.safety_lines),
        ("What had been done recorded", story.care, words.care_lines),
    )
    for what, rows, lines_of in kinds:
        for row in rows:
            yield _item(row, "clinical", what, words.joined(lines_of(row)))
    for score in story.scores:
        what = titled(Tool(score.tool), score.level)
        yield _item(score, "clinical", f"Scored: {what}", score_line(score))
    for _, saved in groupby(story.discharge_steps, key=lambda row: row.recorded_at):
        rows = list(saved)
        yield _item(rows[0], "clinical", "Discharge planned", words.joined(step_lines(rows)))


def _entries(story: Story) -> Iterator[Item]:
    """Care, and plans for pain."""
    for row, what, why in of_timeline(story):
        yield _item(row, "clinical", what, why)
    for plan in story.pain_plans:
        what = "Pain plan reviewed" if plan.kind == "review" else "Pain plan agreed or changed"
        yield _item(plan, "clinical", what, words.joined(words.pain_plan_lines(plan)))


def _course(story: Story, may_correct: bool) -> Iterator[Item]:
    """Entries of a course of dexamethasone that are no milestones, and those taken back."""
    wrong = {row.takes_back_id: row for row in story.dexamethasone if row.takes_back_id}
    for row in story.dexamethasone:
        if row.kind not in TAKEN_BACK_HERE or row.takes_back_id:
            continue
        what, _, more = words.dexamethasone_line(row).partition(": ")
        said = f"{more}. {row.reason}".strip()
        line = _item(row, "clinical", f"Dexamethasone: {what[0].lower()}{what[1:]}", said)
        if later := wrong.get(row.pk):
            by = f"{_by(row)}; taken back by {_by(later)}"
            yield replace(line, struck=True, reason=f"taken back: {later.reason}", by=by)
        elif may_correct:
            yield replace(line, href=take_back_href(story, row), link="Take back")
        else:
            yield line


def _sittings(story: Story) -> Iterator[Item]:
    for row in story.sittings:
        yield _item(row, "clinical", sitting_name(row), words.joined(sitting_lines(row)))


def _notes(story: Story) -> Iterator[Item]:
    for note in story.notes:
        kind = "call" if note.topic == Note.Topic.CALL else "clinical"
        yield _item(note, kind, note.get_topic_display(), note.text)


def _item(row: Recorded, kind: str, what: str, note: str) -> Item:
    return Item(
        at=row.occurred_at,
        kind=kind,
        what=what,
        by=_by(row),
        note=note,
        recorded_at=_recorded(row),
    )


def _by(row: Any) -> str:
    name = row.recorded_by.name if row.recorded_by else getattr(row, "process", "") or "The service"
    return f"{name}, for {row.on_behalf_of}" if row.on_behalf_of else name


def _recorded(row: Recorded) -> datetime | None:
    return row.recorded_at if row.recorded_at - row.occurred_at > _SAME_TIME else None


def _why(later: Milestone | None) -> str:
    if later is None:
        return ""
    return f"it did not happen: {later.reason}" if later.retracts else later.reason


def _correct(story: Story, row: Milestone) -> str:
    milestone_id: UUID = row.pk
    return reverse("referral-correct", args=[story.referral.reference, milestone_id])
