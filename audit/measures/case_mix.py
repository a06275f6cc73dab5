"""Who was referred, by whom, when, and what it turned out to be. No class is better than another.

Also what went wrong and was looked into: missed targets with a reason, incidents (1.1.12).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache

from audit.measures.measure import Better, Measure, Shape
from audit.measures.outcomes import mobility_before
from audit.measures.story import OnStory, Story
from audit.measures.timing import MET, NOT_ABOUT, NOT_MET, OPEN
from audit.measures.verdict import Status, Verdict, met, missing, not_met
from referrals.clinical.milestones import Suspicion
from referrals.clinical.presentation import Answer
from referrals.clinical.times import LONDON

SECTION = "case_mix"
SAFETY = "safety"

_NOT_RECORDED = missing("not recorded")
_NO_OUTCOME = missing("result of imaging not on record")
_WITHOUT_REASON = not_met("missed without a reason given")
_NOT_SAID = missing("not recorded whether it was an incident")
_CLASS: dict[str, Verdict] = {}


def _class(label: str) -> Verdict:
    """One verdict for each label: labels are few, journeys many."""
    found = _CLASS.get(label)
    if found is None:
        found = _CLASS[label] = met(label=label)
    return found


def _suspicion(story: Story) -> Verdict:
    return _class(str(story.facts.suspicion))


def _confirmed(story: Story) -> Verdict:
    if story.facts.confirmed:
        return _class(story.facts.confirmed)
    if story.facts.state in ("redirected", "withdrawn") or not (
        story.ever_mscc or story.ever_metastases
    ):
        return NOT_ABOUT
    return OPEN if story.open else _NO_OUTCOME


def _primary(story: Story) -> Verdict:
    primary = story.facts.primary
    return _NOT_RECORDED if primary in ("", "not_known") else _class(primary)


def _performance(story: Story) -> Verdict:
    status = story.facts.performance_status
    return _NOT_RECORDED if status is None else _class(str(status))


def _deficit(story: Story) -> Verdict:
    answer = story.facts.deficit_at_referral
    return _NOT_RECORDED if answer == Answer.NOT_KNOWN else _class(str(answer))


def _mobility(story: Story) -> Verdict:
    if not story.is_mscc:
        return NOT_ABOUT
    before = mobility_before(story)
    return _class(before) if before else _NOT_RECORDED


# A reader means the wall: 23:30 UTC on a Sunday in June is Monday.
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def local(moment: datetime) -> datetime:
    """The moment as a wall clock in London shows it."""
    return moment.astimezone(LONDON)


def hour_of(moment: datetime) -> str:
    """The hour of the day in London, "00" to "23"."""
    return f"{local(moment).hour:02}"


def weekday_of(moment: datetime) -> str:
    """The day of the week in London, "monday" to "sunday"."""
    return _WEEKDAYS[local(moment).weekday()]


def _hour(story: Story) -> Verdict:
    return _class(hour_of(story.received_at))


def _weekday(story: Story) -> Verdict:
    return _class(weekday_of(story.received_at))


def _out_of_hours(story: Story) -> Verdict:
    at = local(story.received_at)
    return NOT_MET if at.weekday() < 5 and 8 <= at.hour < 18 else MET


def _route(story: Story) -> Verdict:
    return _class(story.facts.route) if story.facts.route else _NOT_RECORDED


_ROLES = (
    ("consultant", ("consultant",)),
    ("general_practice", ("gp", "general practi", "practice", "primary care", "surgery recep")),
    ("ambulance", ("paramedic", "ambulance", "111", "999")),
    ("therapist", ("physio", "therap", "ahp", "radiographer")),
    ("nurse", ("nurse", "sister", "matron", "cns", "midwife", "ward manager")),
    (
        "doctor",
        (
            *("doctor", "registrar", "sho", "fy1", "fy2", "f1", "f2", "foundation", "resident"),
            *("house officer", "physician", "surgeon", "oncologist", "radiologist", "str", "spr"),
        ),
    ),
)


@lru_cache(maxsize=4096)
def referrer_class(role: str) -> str:
    """What somebody wrote as the referrer's role, as one of a few classes."""
    said = role.lower()
    words = set(said.replace("/", " ").replace("-", " ").replace(",", " ").split())
    for label, signs in _ROLES:
        for sign in signs:
            # Short signs are words of their own: "str" is not in "administrator".
            if sign in words or (len(sign) > 3 and sign in said):
                return label
    return "other"


def _referrer(story: Story) -> Verdict:
    role = story.facts.referrer_role.strip()
    return _class(referrer_class(role)) if role else _NOT_RECORDED


def _state(state: str) -> OnStory:
    def tell(story: Story) -> Verdict:
        if story.open:
            return OPEN
        return MET if story.facts.state == state else NOT_MET

    return OnStory(tell)


def _ruled_out(story: Story) -> Verdict:
    said = _confirmed(story)
    if said.status is not Status.MET:
        return said
    return MET if story.facts.confirmed == "ruled_out" else NOT_MET


def _mscc_of_suspected(story: Story) -> Verdict:
    if not story.ever_mscc:
        return NOT_ABOUT
    said = _confirmed(story)
    if said.status is not Status.MET:
        return said
    return MET if story.is_mscc else NOT_MET


def _explained(story: Story) -> Verdict:
    breaches = story.facts.breaches
    if not breaches:
        return NOT_ABOUT
    return MET if all(each.reason for each in breaches) else _WITHOUT_REASON


def _reason(story: Story) -> Verdict:
    breaches = story.facts.breaches
    if not breaches:
        return NOT_ABOUT
    first = min(breaches, key=lambda each: each.due_at)
    return _class(first.reason) if first.reason else _NOT_RECORDED


def _incident(story: Story) -> Verdict:
    breaches = story.facts.breaches
    if not breaches:
        return NOT_ABOUT
    if any(each.incident for each in breaches):
        return MET
    return _NOT_SAID if any(each.incident is None for each in breaches) else NOT_MET


def _measure(
    key: str, number: int, name: str, judge: Callable[[Story], Verdict] | OnStory, **said: str
) -> Measure:
    classes = "by" in said
    return Measure(
        key=key,
        number=number,
        section=said.get("section", SECTION),
        name=name,
        clock="",
        numerator=f"Referrals by {said['by']}" if classes else said["numerator"],
        denominator=said.get("denominator", "All referrals"),
        source=said.get("source", "NG234 1.1.2"),
        shape=Shape.CLASSES if classes else Shape.SHARE,
        better=Better(said.get("better", "neither")),
        note=said.get("note", ""),
        judge=judge if isinstance(judge, OnStory) else OnStory(judge),
    )


MEASURES: tuple[Measure, ...] = (
    _measure(
        "suspicion", 68, "What was suspected", _suspicion, by="what is suspected as it stands"
    ),
    _measure(
        "confirmed",
        69,
        "What imaging found",
        _confirmed,
        by="the result of imaging",
        denominator="Referrals with MSCC or spinal metastases suspected",
    ),
    _measure("primary", 70, "Primary tumour", _primary, by="primary tumour"),
    _measure("performance_status", 71, "Performance status", _performance, by="WHO status, 0 to 4"),
    _measure(
        "deficit_at_referral",
        72,
        "Neurological symptoms or signs when referred",
        _deficit,
        by="whether there were any",
    ),
    _measure(
        "mobility_at_referral",
        73,
        "Walking before treatment",
        _mobility,
        by="mobility at the first examination before treatment",
        denominator="Adults with MSCC confirmed by imaging",
    ),
    _measure("hour", 74, "Hour of the day", _hour, by="the hour they were received, local time"),
    _measure("weekday", 75, "Day of the week", _weekday, by="the day they were received"),
    _measure(
        "out_of_hours",
        76,
        "Received out of hours",
        _out_of_hours,
        numerator="Those received before 8:00, from 18:00, or at a weekend, local time",
        source="Local; NG234 1.1.7 asks for cover at all hours",
        note="Bank holidays count as the day of the week they fall on.",
    ),
    _measure("route", 77, "How referrals come", _route, by="the way they came"),
    _measure(
        "referrer",
        78,
        "Who refers",
        _referrer,
        by="the role of whoever referred",
        note="Roles are written in free words and sorted into a few classes.",
    ),
    _measure(
        "redirected",
        79,
        "Redirected",
        _state("redirected"),
        numerator="Those that ended with advice only or another service",
        denominator="All referrals that are closed",
        source="NG234 1.3.5, 1.3.6",
    ),
    _measure(
        "withdrawn",
        80,
        "Withdrawn",
        _state("withdrawn"),
        numerator="Those made in error, twice, or withdrawn for another reason",
        denominator="All referrals that are closed",
        source="Local",
    ),
    _measure(
        "ruled_out",
        81,
        "MSCC and metastases ruled out",
        _ruled_out,
        numerator="Those in whom imaging found neither",
        denominator="Referrals with MSCC or spinal metastases suspected, and imaging reported",
    ),
    _measure(
        "mscc_of_suspected",
        82,
        "MSCC confirmed where it was suspected",
        _mscc_of_suspected,
        numerator="Those in whom imaging confirmed MSCC",
        denominator="Referrals with MSCC suspected, and imaging reported",
    ),
    _measure(
        "breaches_explained",
        83,
        "Missed targets with a reason given",
        _explained,
        section=SAFETY,
        better="more",
        numerator="Those in which every missed target has its reason",
        denominator="Referrals in which a target was missed",
        source="NG234 1.1.12",
    ),
    _measure(
        "breach_reason",
        84,
        "Why targets were missed",
        _reason,
        section=SAFETY,
        by="the reason given for the first target that was missed",
        denominator="Referrals in which a target was missed",
        source="NG234 1.1.12",
    ),
    _measure(
        "incidents",
        85,
        "Missed targets recorded as incidents",
        _incident,
        section=SAFETY,
        numerator="Those with an incident on record",
        denominator="Referrals in which a target was missed",
        source="NG234 1.1.12",
    ),
)

# How labels are said; a label that is not here is said as it stands.
WORDS: Mapping[str, str] = {
    Suspicion.MSCC.value: "MSCC",
    Suspicion.SPINAL_METASTASES.value: "Spinal metastases without MSCC",
    Suspicion.NONE.value: "Neither",
    "ruled_out": "Neither: ruled out",
    "ward_form": "Ward form",
    "telephone": "Telephone",
    "api": "Another system",
    "general_practice": "General practice",
    "unidentified": "Primary not found",
    "walks_unaided": "Walks without help",
    "walks_with_aid": "Walks with a stick or frame",
    "walks_with_help": "Walks only with another person's help",
    "cannot_walk": "Cannot walk",
    # Reasons for a missed target, as the service gives them.
    "no_slot": "No scanner or slot in time",
    "transfer": "Transport or a bed elsewhere took too long",
    "opinion": "An opinion or a decision came late",
    "report": "The report came late",
    "staff": "Not enough staff on duty",
    "not_told": "Nobody answered, or nobody was told",
    "unwell": "The person was too unwell",
    "choice": "The person chose so",
    "equipment": "Equipment or a system failed",
}


def words(code: str) -> str:
    """A label or a reason as a page says it: "Ward form", "Other", "08", "Monday"."""
    if code in WORDS:
        return WORDS[code]
    return code[:1].upper() + code[1:].replace("_", " ")
