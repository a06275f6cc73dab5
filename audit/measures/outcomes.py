"""How people were: neurology up to treatment, and alive, walking, continent, in pain, and where.

Counted from discharge, because that is when follow-up is asked for (30 and 90 days).
"""

from __future__ import annotations

from collections.abc import Callable

from audit.measures.followed import alive, found_on
from audit.measures.journey import Examined
from audit.measures.measure import Better, Measure, Shape
from audit.measures.story import OnStory, Story
from audit.measures.timing import MET, NOT_ABOUT, OPEN
from audit.measures.verdict import Status, Verdict, excluded, met, missing, not_met
from referrals.clinical.presentation import Answer

SECTION = "outcomes"

_WALKS = frozenset({"walks_unaided", "walks_with_aid"})
_RANKS = {"walks_unaided": 3, "walks_with_aid": 2, "walks_with_help": 1, "cannot_walk": 0}
_MOBILITY_NOT_KNOWN = missing("mobility not recorded")
_BEFORE_NOT_KNOWN = missing("mobility before treatment not recorded")
_CONTINENCE_NOT_KNOWN = missing("continence not recorded")
_PAIN_NOT_KNOWN = missing("pain not recorded")
_PLACE_NOT_KNOWN = missing("place of care not recorded")
_NOT_TREATED = excluded("neither surgery nor radiotherapy was given")
_ONE_EXAMINATION = missing("not examined twice before treatment")
_NOT_COMPARABLE = missing("nothing in both examinations that can be compared")
_BETTER = Verdict(Status.MET, label="better")
_SAME = Verdict(Status.MET, label="the same")
_WORSE = Verdict(Status.NOT_MET, "worse", label="worse")
_MOBILITY = {
    key: Verdict(Status.MET if key in _WALKS else Status.NOT_MET, label=key) for key in _RANKS
}


def _alive(day: int) -> OnStory:
    return OnStory(lambda story: alive(story, day))


def _walking(day: int) -> OnStory:
    return OnStory(lambda story: _walks_on(story, day) if story.is_mscc else NOT_ABOUT)


def _walks_on(story: Story, day: int) -> Verdict:
    later = found_on(story, day)
    if isinstance(later, Verdict):
        return later
    return _MOBILITY.get(later.mobility, _MOBILITY_NOT_KNOWN)


def mobility_before(story: Story) -> str:
    """How the person got about when they came: the first that was recorded before treatment."""
    treated = story.treated_at
    for each in story.facts.examined:
        if treated is not None and each.at > treated:
            break
        if each.mobility in _RANKS:
            return each.mobility
    return ""


def _of_those(walked: bool, day: int) -> OnStory:
    def tell(story: Story) -> Verdict:
        if not story.is_mscc:
            return NOT_ABOUT
        before = mobility_before(story)
        if not before:
            return OPEN if story.open else _BEFORE_NOT_KNOWN
        return _walks_on(story, day) if (before in _WALKS) is walked else NOT_ABOUT

    return OnStory(tell)


def _continent(day: int) -> OnStory:
    def tell(story: Story) -> Verdict:
        later = found_on(story, day) if story.is_mscc else NOT_ABOUT
        if isinstance(later, Verdict):
            return later
        if later.continence in ("", "not_known"):
            return _CONTINENCE_NOT_KNOWN
        return MET if later.continence == "continent" else not_met(label=later.continence)

    return OnStory(tell)


def _little_pain(day: int) -> OnStory:
    def tell(story: Story) -> Verdict:
        later = found_on(story, day)
        if isinstance(later, Verdict):
            return later
        if later.pain is None:
            return _PAIN_NOT_KNOWN
        amount = float(later.pain)
        return met(amount=amount) if later.pain <= 3 else not_met(amount=amount)

    return OnStory(tell)


def _place(day: int) -> OnStory:
    def tell(story: Story) -> Verdict:
        later = found_on(story, day)
        if isinstance(later, Verdict):
            return later
        if later.place_of_care in ("", "not_known"):
            return _PLACE_NOT_KNOWN
        return met(label=later.place_of_care)

    return OnStory(tell)


def _until_treatment(story: Story) -> Verdict:
    if not story.is_mscc:
        return NOT_ABOUT
    treated = story.treated_at
    if treated is None:
        return OPEN if story.open else _NOT_TREATED
    before = [each for each in story.facts.examined if each.at <= treated]
    if len(before) < 2:
        return _ONE_EXAMINATION
    changes = _changes(before)
    if not changes:
        return _NOT_COMPARABLE
    if min(changes) < 0:
        return _WORSE
    return _BETTER if max(changes) > 0 else _SAME


# What is compared, each as a number that grows as people get better; None when not known.
_COMPARED: tuple[Callable[[Examined], int | None], ...] = (
    lambda seen: _RANKS.get(seen.mobility),
    lambda seen: seen.weakest,
    lambda seen: ord(seen.frankel) if seen.frankel else None,
    lambda seen: None if seen.bladder == Answer.NOT_KNOWN else seen.bladder == Answer.NO,
    lambda seen: None if seen.bowel == Answer.NOT_KNOWN else seen.bowel == Answer.NO,
)


def _changes(examined: list[Examined]) -> list[int]:
    """From the first to the last time each was known: less than 0 is worse; others are left out."""
    changes: list[int] = []
    for read in _COMPARED:
        known = [value for each in examined if (value := read(each)) is not None]
        if len(known) > 1:
            changes.append(known[-1] - known[0])
    return changes


_FOUND = "Adults with MSCC or spinal metastases found by imaging, discharged"
_MSCC = "Adults with MSCC confirmed by imaging, alive so many days after discharge"
_LIVING = "Adults with MSCC or spinal metastases found by imaging, alive so many days after it"
_FROM_DISCHARGE = "Days count from discharge. Follow-up is missing from 14 days after it was due. "
_DEAD_APART = _FROM_DISCHARGE + "People who died first are excluded, and shown."


def _measure(key: str, number: int, name: str, judge: OnStory, **said: str) -> Measure:
    classes = said.get("shape") == Shape.CLASSES
    return Measure(
        key=key,
        number=number,
        section=SECTION,
        name=name,
        clock="",
        numerator=said["numerator"],
        denominator=said.get("denominator", _MSCC),
        source=said.get("source", "Local; NG234 1.1.2 asks for outcomes"),
        shape=Shape.CLASSES if classes else Shape.SHARE,
        better=Better.NEITHER if classes else Better.MORE,
        note=said.get("note", _DEAD_APART),
        headline="headline" in said,
        judge=judge,
    )


_WALKING = "Those who walk without another person's help, with or without a stick or frame"

MEASURES: tuple[Measure, ...] = (
    *(
        _measure(
            f"alive_{day}",
            number,
            f"Alive {day} days after discharge",
            _alive(day),
            numerator="Those known to be alive on that day",
            denominator=_FOUND + ", or died in hospital",
            note=_FROM_DISCHARGE + "Deaths in hospital count as not alive.",
            **({"headline": "yes"} if day == 30 else {}),
        )
        for day, number in ((30, 55), (90, 56))
    ),
    *(
        _measure(
            f"walking_{day}",
            number,
            f"Walking {day} days after discharge",
            _walking(day),
            numerator=_WALKING,
            **({"headline": "yes"} if day == 30 else {}),
        )
        for day, number in ((30, 57), (90, 58))
    ),
    _measure(
        "walking_kept_30",
        59,
        "Still walking 30 days after discharge, of those who walked before treatment",
        _of_those(walked=True, day=30),
        numerator=_WALKING,
        denominator=_MSCC + ", who walked before treatment",
    ),
    _measure(
        "walking_regained_30",
        60,
        "Walking again 30 days after discharge, of those who did not walk before treatment",
        _of_those(walked=False, day=30),
        numerator=_WALKING,
        denominator=_MSCC + ", who did not walk, or only with help, before treatment",
    ),
    *(
        _measure(
            f"continent_{day}",
            number,
            f"Continent {day} days after discharge",
            _continent(day),
            numerator="Those whose bladder and bowel work normally",
        )
        for day, number in ((30, 61), (90, 62))
    ),
    *(
        _measure(
            f"little_pain_{day}",
            number,
            f"No or mild pain {day} days after discharge",
            _little_pain(day),
            numerator="Those whose pain is 3 or less of 10",
            denominator=_LIVING,
        )
        for day, number in ((30, 63), (90, 64))
    ),
    *(
        _measure(
            f"place_of_care_{day}",
            number,
            f"Where people are {day} days after discharge",
            _place(day),
            shape=Shape.CLASSES,
            numerator="People by where they are cared for",
            denominator=_LIVING,
        )
        for day, number in ((30, 65), (90, 66))
    ),
    _measure(
        "neurology_until_treatment",
        67,
        "Neurology no worse at treatment than at referral",
        OnStory(_until_treatment),
        numerator="Those in whom nothing that was examined twice is worse at the last examination "
        "before treatment than at the first",
        denominator="Adults with MSCC confirmed by imaging and treated",
        note="Walking, the weakest limb, Frankel grade, bladder and bowel; only what is known both "
        "times is compared.",
    ),
)
