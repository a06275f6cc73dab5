"""What is judged of an item of the care bundle: whether it is on record as given.

What is not on record was not given, as audits count: otherwise every share would be 100 %. In an
audit that was read in it is missing, because nobody may have asked.
"""

from __future__ import annotations

from collections.abc import Callable

from audit.measures.measure import Measure
from audit.measures.story import OnStory, Story
from audit.measures.timing import MET, NOT_ABOUT, NOT_MET, OPEN, unrecorded
from audit.measures.verdict import Status, Verdict, excluded, not_met

SECTION = "care"
OFFERED = "Those for whom it is on record as given, or offered and declined"

NOTHING = not_met("nothing on record")
DIED = excluded("died in hospital")
DECLINED = excluded("offered and declined")
SAID_OTHERWISE = {
    "not_applicable": excluded("recorded as not applicable"),
    "contraindicated": excluded("contraindicated"),
}
_WITHDRAWN = excluded("withdrawn")
_REDIRECTED = excluded("redirected")
_OFFERED_ANYHOW = Verdict(Status.MET, label="offered and declined")


def settled_by_end(story: Story, *, after_death: bool) -> Verdict | None:
    """For what was never recorded: why that is no failure, if it is none; None when it is one."""
    if story.open:
        return OPEN
    facts = story.facts
    if facts.state == "withdrawn":
        return _WITHDRAWN
    if facts.state == "redirected":
        return _REDIRECTED
    return DIED if after_death and facts.died_in_hospital else None


def item(
    key: str, about: Callable[[Story], bool], *, offer: bool = False, planning: bool = False
) -> OnStory:
    """An item of the care bundle. `offer`: offering it is what is asked, so declined counts;
    `planning`: whoever died before it was made is excluded."""

    def tell(story: Story) -> Verdict:
        if not about(story):
            return NOT_ABOUT
        care = story.facts.care.get(key)
        if care is None:
            settled = settled_by_end(story, after_death=planning)
            return unrecorded(story, NOTHING) if settled is None else settled
        if care.status == "given":
            return MET
        if care.status == "declined":
            return _OFFERED_ANYHOW if offer else DECLINED
        return SAID_OTHERWISE.get(care.status, NOT_MET)

    return OnStory(tell)


def one(
    key: str, number: int, name: str, whom: str, source: str, judge: OnStory, **more: str
) -> Measure:
    """A measure of this section that times nothing; `more` is its numerator and its note."""
    return Measure(
        key=key,
        number=number,
        section=SECTION,
        name=name,
        clock="",
        numerator=more.get("numerator", "Those for whom it is on record as given"),
        denominator=whom,
        source=source,
        note=more.get("note", ""),
        judge=judge,
    )
