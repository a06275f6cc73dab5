"""Dexamethasone: whether to give it, how long it goes on, and what is watched (1.8.1 to 1.8.8).

The management summary adds the 5 to 7 days of the taper, the increase when neurology worsens, and
what follows when there is neither surgery nor radiotherapy. Confirmed and suspected lymphoma or
myeloma are kept apart throughout: a steroid can hide what is only suspected.
"""

from __future__ import annotations

from collections.abc import Iterator

from referrals.clinical import steroid_rules as rules
from referrals.clinical.facts import Facts, Haematology, Primary
from referrals.clinical.library import Strength
from referrals.clinical.neurology import deteriorated
from referrals.clinical.presentation import Answer, CancerStatus
from referrals.clinical.reasoning import (
    Conclusion,
    Known,
    all_of,
    any_of,
    fact,
    unless,
)

# The dose of 1.8.1 in mg a day, and the taper of the management summary in days.
FULL_DOSE_MG = 16
TAPER_DAYS = (5, 7)
_YES, _NO, _NOT_KNOWN = Answer.YES, Answer.NO, Answer.NOT_KNOWN

RULES = rules.RULES

_GIVEN_QUESTION = "Has dexamethasone been given?"
_HAEMATOLOGY_QUESTION = "Is the cancer a lymphoma or myeloma, or could it be?"


def conclude(facts: Facts) -> tuple[Conclusion, ...]:
    """Everything about dexamethasone that applies, or would once an open question is answered.

    The first dose comes first, then the course, then what is watched while it is taken.
    """
    if facts.ruled_out:
        return tuple(_stop(facts))
    if facts.concerned.answer is _NO:
        return ()
    dose = tuple(_dose(facts))
    return (*dose, *_course(facts), *_watch(facts, dose))


def initial(facts: Facts) -> tuple[Conclusion, ...]:
    """What a ward needs to hear first (1.1.16): one line on the dose, one on what is watched.

    Empty when there is nothing to say, as when neither spinal metastases nor MSCC is suspected.
    """
    if facts.ruled_out:
        return tuple(_stop(facts))
    if facts.concerned.answer is _NO:
        return ()
    first = next(_dose(facts), None) or next(_course(facts), None)
    if first is None:
        return ()
    watched = first.strength is Strength.OFFER or facts.steroids.given is _YES
    return (first, *(_watch(facts, (first,)) if watched else ()))


def taking(facts: Facts) -> Known:
    """Whether dexamethasone is being taken. One that was given is taken until somebody says that
    it was stopped: a course that runs on unseen is the danger."""
    now = facts.steroids
    if now.running is _YES or (now.running is _NOT_KNOWN and now.given is _YES):
        dose = f" {now.daily_mg:g} mg a day" if now.daily_mg else ""
        return Known(_YES, (f"Dexamethasone{dose} is being taken.",))
    if now.running is _NO or now.given is _NO:
        return Known(_NO, ("No dexamethasone is being taken.",))
    return Known(_NOT_KNOWN, (), (_GIVEN_QUESTION,))


def treated(facts: Facts) -> Known:
    """Whether surgery is done or radiotherapy has begun: from then on the dose comes down."""
    return any_of(
        fact(
            facts.treatment.surgery_performed,
            "Surgery has been performed.",
            "Has surgery been performed?",
        ),
        fact(
            facts.treatment.radiotherapy_started,
            "Radiotherapy has started.",
            "Has radiotherapy started?",
        ),
    )


def haematology(facts: Facts) -> Haematology:
    """Confirmed or suspected lymphoma or myeloma; a primary recorded as one of them counts."""
    said = facts.disease.haematology
    if said in (Haematology.CONFIRMED, Haematology.SUSPECTED):
        return said
    if facts.disease.primary in (Primary.LYMPHOMA, Primary.MYELOMA):
        diagnosed = facts.presentation.cancer is CancerStatus.PAST_OR_CURRENT
        return Haematology.CONFIRMED if diagnosed else Haematology.SUSPECTED
    return said


def spread_shown(facts: Facts) -> Known:
    """Whether the spine is known to be involved: by imaging now, or known before."""
    if facts.mscc_confirmed.answer is _YES or facts.metastases_without_mscc.answer is _YES:
        return Known(_YES, ("Imaging shows disease in the spine.",))
    return fact(
        facts.disease.metastases_known,
        "Spinal metastases are known.",
        "Are spinal metastases known, or shown by a scan?",
    )


# The first dose


def _dose(facts: Facts) -> Iterator[Conclusion]:
    """The line on whether to give it; further ones only for what an answer could change."""
    blood = haematology(facts)
    if blood is Haematology.CONFIRMED:
        yield from _confirmed(facts)
    elif blood is Haematology.SUSPECTED:
        yield from _suspected(facts)
    elif facts.signs.answer is _YES:
        yield from _with_signs(facts, blood)
    else:
        if facts.signs.answer is _NOT_KNOWN:
            yield from rules.EXAMINE_FIRST.when(Known(_YES, (_UNEXAMINED,), facts.signs.unknown))
            if taking(facts).answer is not _YES:
                yield from rules.FIRST_DOSE.when(facts.signs, _IF_SIGNS)
        yield from _without_signs(facts, blood)


_UNEXAMINED = "It is not known yet whether there are neurological symptoms or signs."
_IF_SIGNS = "If there is any neurological sign: offer dexamethasone 16 mg at once."


def _confirmed(facts: Facts) -> Iterator[Conclusion]:
    why = ("The cancer is a confirmed haematological malignancy.",)
    if taking(facts).answer is _YES:
        yield from rules.HAEMATOLOGICAL_NEXT.when(Known(_YES, why + taking(facts).because))
        return
    spread = spread_shown(facts)
    asked = taking(facts).unknown
    if facts.signs.answer is _YES:
        because = why + facts.signs.because
        yield from rules.HAEMATOLOGICAL_WITH_SIGNS.when(Known(_YES, because, asked))
    elif spread.answer is _YES:
        yield from rules.HAEMATOLOGICAL.when(Known(_YES, why + spread.because, asked))
    else:
        because = (*why, "Its spread to the spine is not yet shown.")
        open_ = spread.unknown + facts.signs.unknown + asked
        yield from rules.HAEMATOLOGICAL_NOT_SHOWN.when(Known(_YES, because, open_))


def _suspected(facts: Facts) -> Iterator[Conclusion]:
    why = "Lymphoma or myeloma is suspected, and a steroid can hide it."
    rule = rules.HAEMATOLOGY_FIRST
    if facts.signs.answer is _YES:
        rule = rules.HAEMATOLOGY_FIRST_WITH_SIGNS
    text = ""
    if taking(facts).answer is _YES:
        text = rule.text.replace(", before the first dose of steroid", " about the next dose")
    yield from rule.when(
        Known(_YES, (why, *facts.signs.because), facts.signs.unknown + taking(facts).unknown), text
    )


def _with_signs(facts: Facts, blood: Haematology) -> Iterator[Conclusion]:
    signs, taken = facts.signs, taking(facts)
    if taken.answer is _YES:
        return  # the course says how it goes on
    because = signs.because
    asked = (_HAEMATOLOGY_QUESTION,) if blood is Haematology.NOT_KNOWN else ()
    open_ = asked + taken.unknown
    if treated(facts).answer is _YES:
        # A lasting deficit after treatment is no reason to begin: ask those who treat.
        known = Known(
            _NOT_KNOWN,
            because + treated(facts).because,
            (*open_, "Does the team that treats want dexamethasone now?"),
        )
        text = "Treatment has begun: ask the team that treats whether dexamethasone is wanted."
        yield from rules.FIRST_DOSE.when(known, text)
    elif facts.mscc_confirmed.answer is _NO:
        known = Known(
            _NOT_KNOWN,
            (*because, "Imaging showed no cord compression."),
            (*open_, "Are the signs newer than the scan?"),
        )
        text = "If the signs are newer than the scan: offer dexamethasone 16 mg now, and ring."
        yield from rules.FIRST_DOSE.when(known, text)
    elif facts.steroids.given is _YES:
        known = Known(_YES, (*because, "Dexamethasone was given and has been stopped."), open_)
        text = "Dexamethasone was stopped while there are signs: ask now whether to give it again."
        yield from rules.FIRST_DOSE.when(known, text)
    elif blood is Haematology.NOT_KNOWN:
        yield from rules.FIRST_DOSE_UNLESS_LYMPHOMA.when(Known(_YES, because, open_))
    else:
        yield from rules.FIRST_DOSE.when(Known(_YES, because, open_))


def _without_signs(facts: Facts, blood: Haematology) -> Iterator[Conclusion]:
    """No signs, or none known of: 1.8.3 and 1.8.7 (which are about the first care only)."""
    if treated(facts).answer is _YES:
        return
    none, severe = unless(facts.signs), facts.severe_pain
    asked = none.unknown + (() if blood is Haematology.NO else (_HAEMATOLOGY_QUESTION,))
    planned = facts.steroids.part_of_radiotherapy
    if planned is _YES:
        because = (*none.because, "A steroid is part of the radiotherapy regimen.")
        yield from rules.PART_OF_RADIOTHERAPY.when(Known(none.answer, because, asked))
    elif severe.answer is _YES:
        because = none.because + severe.because
        yield from rules.SEVERE_PAIN.when(Known(none.answer, because, asked))
    else:
        if none.answer is _YES:
            if planned is _NOT_KNOWN:
                asked = (*asked, "Is a steroid part of a radiotherapy regimen?")
            # Not as a routine: what is unknown may still be a reason for this one person.
            known = Known(_YES, none.because + severe.because, severe.unknown + asked)
            given = taking(facts).answer is _YES
            yield from rules.NOT_ROUTINE.when(known, _WHETHER_TO_STOP if given else "")
        if severe.answer is _NOT_KNOWN:
            yield from rules.SEVERE_PAIN.when(all_of(none, severe), _IF_SEVERE)
    if blood is Haematology.NOT_KNOWN:
        open_ = Known(_NOT_KNOWN, (), (_HAEMATOLOGY_QUESTION,))
        yield from rules.HAEMATOLOGICAL.when(open_, _IF_CONFIRMED)
        yield from rules.HAEMATOLOGY_FIRST.when(open_, _IF_SUSPECTED)


_WHETHER_TO_STOP = (
    "Dexamethasone was given without neurological signs: ask the coordinator whether to stop it."
)
_IF_SEVERE = "If the pain is severe, a steroid may be considered: ask the coordinator."
_IF_CONFIRMED = (
    "If it is a confirmed lymphoma or myeloma in the spine: offer dexamethasone 16 mg now, then "
    "ask the haematology team what follows."
)
_IF_SUSPECTED = "If lymphoma or myeloma is suspected: ask haematology before any steroid."


# The course


def _course(facts: Facts) -> Iterator[Conclusion]:
    """How it goes on for somebody who takes it, or may."""
    taken, after = taking(facts), treated(facts)
    yield from _worse(facts, taken)
    if taken.answer is _NO:
        return
    if taken.answer is _YES and after.answer is not _YES:
        yield from _while_waiting(facts, taken, after)
    yield from _reduce(facts, taken, after)
    if after.answer is not _YES:
        yield from _nothing_follows(facts, taken)


def _while_waiting(facts: Facts, taken: Known, after: Known) -> Iterator[Conclusion]:
    """16 mg a day goes on until treatment; with lymphoma or myeloma haematology says how."""
    blood = haematology(facts)
    told_apart = blood in (Haematology.CONFIRMED, Haematology.SUSPECTED)
    none_follows = _YES in (facts.treatment.conservative, _no_other(facts).answer)
    if facts.signs.answer is not _YES or told_apart or none_follows:
        return
    because = facts.signs.because + taken.because
    asked = after.unknown + (() if blood is Haematology.NO else (_HAEMATOLOGY_QUESTION,))
    if facts.mscc_confirmed.answer is _NO:
        known = Known(_NOT_KNOWN, because, (*asked, "Are the signs newer than the scan?"))
        yield from rules.CONTINUE_DAILY.when(known, _NO_COMPRESSION)
        return
    dose, text = facts.steroids.daily_mg, ""
    if facts.steroids.planned_taper is _YES:
        text = "A taper is planned, and 16 mg a day is advised until surgery or radiotherapy: ask."
    elif dose is not None and dose < FULL_DOSE_MG:
        text = (
            f"Dexamethasone is {dose:g} mg a day, and 16 mg is advised until surgery or "
            "radiotherapy: ask the coordinator."
        )
    yield from rules.CONTINUE_DAILY.when(Known(_YES, because, asked), text)


_NO_COMPRESSION = (
    "The scan shows no cord compression: ask the coordinator whether dexamethasone goes on."
)


def _reduce(facts: Facts, taken: Known, after: Known) -> Iterator[Conclusion]:
    text = ""
    if facts.steroids.planned_taper is _YES:
        text = "Treatment has begun: follow the planned taper to its end, then record the stop."
    elif haematology(facts) is Haematology.CONFIRMED:
        text = "Treatment has begun: agree with the haematology team how dexamethasone is reduced."
    elif after.answer is _NOT_KNOWN:
        text = "Once surgery is done or radiotherapy starts: reduce dexamethasone over 5 to 7 days."
    yield from rules.TAPER.when(all_of(taken, after), text)


def _worse(facts: Facts, taken: Known) -> Iterator[Conclusion]:
    """Neurology is worse than at the examination before: at any time, also after the stop."""
    before = facts.neurology_before
    found = deteriorated(before, facts.neurology) if before is not None else ()
    if not found or (taken.answer is _NO and facts.steroids.given is not _YES):
        return
    text = ""
    if taken.answer is _NO:
        text = "Neurology is worse since dexamethasone was stopped: ring now about giving it again."
    elif facts.treatment.conservative is _YES:
        text = "Neurology is worse: think about the dexamethasone dose again, and ring now."
    # That it may not be taken at all must not hide that neurology is worse.
    yield from rules.INCREASE.when(Known(_YES, found + taken.because, taken.unknown), text)


def _no_other(facts: Facts) -> Known:
    return unless(
        fact(
            facts.disease.other_treatment,
            "There are other effective treatments.",
            "Is there another effective treatment?",
            "There is no other effective treatment.",
        )
    )


def _nothing_follows(facts: Facts, taken: Known) -> Iterator[Conclusion]:
    """1.8.4 and the summary: no treatment will follow, so the steroid is reduced all the same."""
    returned = fact(
        facts.steroids.worse_on_reduction,
        "Symptoms came back or got worse as the dose was reduced.",
        "Do symptoms come back as the dose is reduced?",
    )
    none_left = _no_other(facts)
    if none_left.answer is _YES and returned.answer is _YES:
        yield from rules.SYMPTOMS_RETURN.when(all_of(taken, none_left, returned))
        return
    text = ""
    if none_left.answer is _NOT_KNOWN:
        text = "If no other treatment can help: reduce dexamethasone gradually until it is stopped."
    yield from rules.NO_OTHER_TREATMENT.when(all_of(taken, none_left), text)
    if facts.treatment.conservative is _YES and none_left.answer is not _YES:
        yield from rules.WITHOUT_TREATMENT.when(
            Known(
                taken.answer,
                (*taken.because, "Neither surgery nor radiotherapy follows."),
                taken.unknown,
            )
        )


def _stop(facts: Facts) -> Iterator[Conclusion]:
    taken = taking(facts)
    because = (*taken.because, *facts.concerned.because)
    known = Known(taken.answer, because, taken.unknown)
    # Signs may be newer than the scan: then whether it stops is asked, not said.
    known = all_of(known, facts.mscc_or_signs) if facts.scan_may_be_old else known
    text = "" if known.answer is _YES else rules.STOP_IF_NO_LONGER_SUSPECTED
    yield from rules.STOP_RULED_OUT.when(known, text)


def _watch(facts: Facts, dose: tuple[Conclusion, ...]) -> Iterator[Conclusion]:
    """1.8.8 for whoever takes a steroid or is about to."""
    offered = any(each.strength is Strength.OFFER and each.applies is _YES for each in dose)
    taken = taking(facts)
    if offered and taken.answer is not _YES:
        taken = Known(_YES, ("Dexamethasone is offered.",))
    now, text = facts.steroids, ""
    if now.stomach_protection is _YES:
        text = "With dexamethasone: check blood glucose, and continue the proton pump inhibitor."
    elif now.glucose_monitored is _YES:
        text = "With dexamethasone: offer a proton pump inhibitor, and go on checking glucose."
    yield from rules.WATCH.when(taken, text)
