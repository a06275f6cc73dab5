"""Dexamethasone: whether to give it, how long it goes on, and what is watched (1.8.1 to 1.8.8).

The management summary adds the 5 to 7 days of the taper, the increase when neurology worsens, and
what follows when there is neither surgery nor radiotherapy. Confirmed and suspected lymphoma or
myeloma are kept apart throughout: a steroid can hide what is only suspected.
"""

from __future__ import annotations

from collections.abc import Iterator

from referrals.clinical import steroid_rules as rules
from referrals.clinical.facts import Facts, Haematology
from referrals.clinical.library import Strength
from referrals.clinical.neurology import deteriorated
from referrals.clinical.presentation import Answer
from referrals.clinical.reasoning import Conclusion, Known, Rule, all_of, fact, unless
from referrals.clinical.steroid_facts import haematology, spread_shown, taking, treated

# The dose of 1.8.1 in mg a day.
FULL_DOSE_MG = 16
_YES, _NO, _NOT_KNOWN = Answer.YES, Answer.NO, Answer.NOT_KNOWN

RULES = rules.RULES

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
    dose = tuple(_dose(facts))
    # With lymphoma suspected the second line is what one neurological sign would change.
    first = dose[: 2 if haematology(facts) is Haematology.SUSPECTED else 1]
    first = first or tuple(_course(facts))[:1]
    if not first:
        return ()
    watched = first[0].strength is Strength.OFFER or taking(facts).answer is _YES
    return (*first, *(_watch(facts, first) if watched else ()))


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
                yield from rules.FIRST_DOSE.when(facts.signs, rules.FIRST_DOSE_IF_SIGNS)
        yield from _without_signs(facts, blood)


_UNEXAMINED = "It is not known yet whether there are neurological symptoms or signs."


def _confirmed(facts: Facts) -> Iterator[Conclusion]:
    why = ("The cancer is a confirmed haematological malignancy.",)
    taken, after = taking(facts), treated(facts)
    if taken.answer is _YES:
        yield from rules.HAEMATOLOGICAL_NEXT.when(Known(_YES, why + taken.because))
        return
    if facts.steroids.given is _YES:
        yield from _haematological_again(why, after)
        return
    spread, asked = spread_shown(facts), taken.unknown
    if facts.signs.answer is _YES:
        rule, because = rules.HAEMATOLOGICAL_WITH_SIGNS, facts.signs.because
    elif spread.answer is _YES:
        rule, because = rules.HAEMATOLOGICAL, spread.because
    else:
        rule, because = rules.HAEMATOLOGICAL_NOT_SHOWN, (_NOT_SHOWN,)
        asked = spread.unknown + facts.signs.unknown + asked
    if after.answer is _YES:
        known = Known(_NOT_KNOWN, why + because + after.because, (*asked, _WANTED_QUESTION))
        yield from rule.when(known, rules.IF_WANTED)
    else:
        yield from rule.when(Known(_YES, why + because, asked))


_NOT_SHOWN = "Its spread to the spine is not yet shown."
_STOPPED = "Dexamethasone was given and has been stopped."
_WANTED_QUESTION = "Does the team that treats want dexamethasone now?"


def _haematological_again(why: tuple[str, ...], after: Known) -> Iterator[Conclusion]:
    """A course that was stopped: 1.8.5 leaves what follows a first dose to haematology."""
    if after.answer is _YES:
        known = Known(_NOT_KNOWN, (*why, _STOPPED, *after.because), (_WANTED_QUESTION,))
        text = "If dexamethasone is wanted again: the haematology team says so. Ask them."
    else:
        known = Known(_YES, (*why, _STOPPED))
        text = "Dexamethasone was given and stopped: ask the haematology team what follows."
    yield from rules.HAEMATOLOGICAL_NEXT.when(known, text)


def _suspected(facts: Facts) -> Iterator[Conclusion]:
    """1.8.6 asks first where there are no signs; where there are, 16 mg does not wait (1.8.1)."""
    signs, taken = facts.signs, taking(facts)
    known = Known(_YES, (_CAN_HIDE, *signs.because), signs.unknown + taken.unknown)
    if taken.answer is _YES:
        yield from rules.HAEMATOLOGY_FIRST.when(known, rules.ABOUT_THE_NEXT)
    elif signs.answer is _YES:
        yield from _with_signs(facts, Haematology.SUSPECTED)
    else:
        yield from rules.HAEMATOLOGY_FIRST.when(known)
        if signs.answer is _NOT_KNOWN:
            yield from rules.FIRST_DOSE_AND_HAEMATOLOGY.when(signs, rules.DOSE_IF_SIGNS_SUSPECTED)


_CAN_HIDE = "Lymphoma or myeloma is suspected, and a steroid can hide it."


def _with_signs(facts: Facts, blood: Haematology) -> Iterator[Conclusion]:
    signs, taken = facts.signs, taking(facts)
    if taken.answer is _YES:
        return  # the course says how it goes on
    because, rule = signs.because, rules.FIRST_DOSE
    if blood is Haematology.SUSPECTED:
        because, rule = (*because, _CAN_HIDE), rules.FIRST_DOSE_AND_HAEMATOLOGY
    asked = (_HAEMATOLOGY_QUESTION,) if blood is Haematology.NOT_KNOWN else ()
    open_ = asked + taken.unknown
    if treated(facts).answer is _YES:
        # A lasting deficit after treatment is no reason to begin: ask those who treat.
        because += treated(facts).because
        known = Known(_NOT_KNOWN, because, (*open_, _WANTED_QUESTION))
        yield from rule.when(known, rules.IF_WANTED)
    elif facts.mscc_confirmed.answer is _NO:
        known = Known(
            _NOT_KNOWN,
            (*because, "Imaging showed no cord compression."),
            (*open_, "Are the signs newer than the scan?"),
        )
        if blood is Haematology.SUSPECTED:
            yield from rules.HAEMATOLOGY_FIRST.when(Known(_YES, because, open_))
        text = "If the signs are newer than the scan: offer dexamethasone 16 mg now, and ring."
        yield from rule.when(known, text)
    elif facts.steroids.given is _YES:
        known = Known(_YES, (*because, _STOPPED), open_)
        text = "Dexamethasone was stopped while there are signs: ask now whether to give it again."
        yield from rule.when(known, text)
    elif blood is Haematology.NOT_KNOWN:
        yield from rules.FIRST_DOSE_UNLESS_LYMPHOMA.when(Known(_YES, because, open_))
    else:
        yield from rule.when(Known(_YES, because, open_))


def _without_signs(facts: Facts, blood: Haematology) -> Iterator[Conclusion]:
    """No signs, or none known of: 1.8.3 and 1.8.7 (which are about the first care only)."""
    if treated(facts).answer is _YES:
        return
    none, severe = unless(facts.signs), facts.severe_pain
    asked = none.unknown + (() if blood is Haematology.NO else (_HAEMATOLOGY_QUESTION,))
    planned = facts.steroids.part_of_radiotherapy
    if planned is _YES:
        because = (*none.because, "A steroid is part of the radiotherapy regimen.")
        text = "" if none.answer is _YES else rules.PART_IF_NO_SIGNS
        yield from rules.PART_OF_RADIOTHERAPY.when(Known(none.answer, because, asked), text)
    elif severe.answer is _YES:
        because = none.because + severe.because
        text = "" if none.answer is _YES else rules.SEVERE_IF_NO_SIGNS
        yield from rules.SEVERE_PAIN.when(Known(none.answer, because, asked), text)
    else:
        if none.answer is _YES:
            if planned is _NOT_KNOWN:
                asked = (*asked, "Is a steroid part of a radiotherapy regimen?")
            # Not as a routine: what is unknown may still be a reason for this one person.
            known = Known(_YES, none.because + severe.because, severe.unknown + asked)
            given = taking(facts).answer is _YES
            yield from rules.NOT_ROUTINE.when(known, rules.WHETHER_TO_STOP if given else "")
        if severe.answer is _NOT_KNOWN:
            yield from rules.SEVERE_PAIN.when(all_of(none, severe), rules.IF_SEVERE)
    if blood is Haematology.NOT_KNOWN:
        open_ = Known(_NOT_KNOWN, (), (_HAEMATOLOGY_QUESTION,))
        yield from rules.HAEMATOLOGICAL.when(open_, rules.IF_CONFIRMED)
        yield from rules.HAEMATOLOGY_FIRST.when(open_, rules.IF_SUSPECTED)


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
    """16 mg a day goes on until treatment; with confirmed lymphoma or myeloma haematology says
    how. What was begun goes on if there are signs: that nobody looked does not hide it."""
    blood = haematology(facts)
    none_follows = _YES in (facts.treatment.conservative, _no_other(facts).answer)
    if facts.signs.answer is _NO or blood is Haematology.CONFIRMED or none_follows:
        return
    because = facts.signs.because + taken.because
    asked = after.unknown
    if blood is Haematology.NOT_KNOWN:
        asked += (_HAEMATOLOGY_QUESTION,)
    if facts.signs.answer is _NOT_KNOWN:
        known = Known(_NOT_KNOWN, because, facts.signs.unknown + asked)
        yield from rules.CONTINUE_DAILY.when(known, rules.CONTINUE_IF_SIGNS)
        return
    if facts.mscc_confirmed.answer is _NO:
        known = Known(_NOT_KNOWN, because, (*asked, "Are the signs newer than the scan?"))
        yield from rules.CONTINUE_DAILY.when(known, rules.CONTINUE_IF_NEWER)
        return
    dose, text = facts.steroids.daily_mg, ""
    if facts.steroids.planned_taper is _YES:
        text = "A taper is planned, and 16 mg a day is advised until surgery or radiotherapy: ask."
    elif dose is not None and dose < FULL_DOSE_MG:
        text = (
            f"Dexamethasone is {dose:g} mg a day, and 16 mg is advised until surgery or "
            "radiotherapy: ask a senior clinician."
        )
    elif dose is not None and dose > FULL_DOSE_MG:
        text = (
            f"Dexamethasone is {dose:g} mg a day, more than the 16 mg that is advised: ask "
            "whoever prescribed it whether that is meant."
        )
    yield from rules.CONTINUE_DAILY.when(Known(_YES, because, asked), text)


def _reduce(facts: Facts, taken: Known, after: Known) -> Iterator[Conclusion]:
    """The taper. That treatment has begun is said only where somebody knows it."""
    if after.answer is _NOT_KNOWN:
        when = "If surgery is done or radiotherapy has started"
    elif taken.answer is _NOT_KNOWN:
        when = "If dexamethasone is taken now that treatment has begun"
    else:
        when = "Treatment has begun"
    if _found_worse(facts):
        certain = _YES is taken.answer is after.answer
        text = rules.TAPER_WAITS if certain else f"{when}: {rules.TAPER_WOULD_WAIT}"
    elif facts.steroids.planned_taper is _YES:
        text = f"{when}: follow the planned taper to its end, then record the stop."
    elif haematology(facts) is Haematology.CONFIRMED:
        text = f"{when}: agree with the haematology team how dexamethasone is reduced."
    else:
        text = f"{when}: {rules.TAPER_IN_STEPS}"
    yield from rules.TAPER.when(all_of(taken, after), text)


def _found_worse(facts: Facts) -> tuple[str, ...]:
    """In what neurology is worse than at the examination before; empty when it is not."""
    before = facts.neurology_before
    return deteriorated(before, facts.neurology) if before is not None else ()


def _worse(facts: Facts, taken: Known) -> Iterator[Conclusion]:
    """Neurology is worse than at the examination before: at any time, also after the stop."""
    found = _found_worse(facts)
    if not found or (taken.answer is _NO and facts.steroids.given is not _YES):
        return
    text = ""
    if taken.answer is _NO:
        text = "Neurology is worse since dexamethasone was stopped: ring now about giving it again."
    elif facts.treatment.conservative is _YES:
        text = "Neurology is worse: think about the dexamethasone dose again, and ring now."
    elif taken.answer is _NOT_KNOWN:
        text = rules.INCREASE_IF_TAKEN
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
        known = all_of(taken, none_left, returned)
        yield from rules.SYMPTOMS_RETURN.when(known, _if_taken(taken, rules.SYMPTOMS_RETURN))
        return
    text = _if_taken(taken, rules.NO_OTHER_TREATMENT)
    if none_left.answer is _NOT_KNOWN:
        text = rules.REDUCE_IF_NOTHING_HELPS
    yield from rules.NO_OTHER_TREATMENT.when(all_of(taken, none_left), text)
    if facts.treatment.conservative is _YES and none_left.answer is not _YES:
        yield from rules.WITHOUT_TREATMENT.when(
            Known(
                taken.answer,
                (*taken.because, "Neither surgery nor radiotherapy follows."),
                taken.unknown,
            ),
            _if_taken(taken, rules.WITHOUT_TREATMENT),
        )


def _if_taken(taken: Known, rule: Rule) -> str:
    """A rule's words for somebody of whom nobody knows whether dexamethasone is taken."""
    return rules.IF_TAKEN[rule.key] if taken.answer is _NOT_KNOWN else ""


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
    offered = any(
        each.strength is Strength.OFFER and each.applies is _YES
        for each in dose
        if each.key != rules.HAEMATOLOGICAL_NEXT.key
    )
    taken = taking(facts)
    if offered and taken.answer is not _YES:
        taken = Known(_YES, ("Dexamethasone is offered.",))
    now, text = facts.steroids, rules.WATCH.text
    if now.stomach_protection is _YES:
        text = "With dexamethasone: check blood glucose, and continue the proton pump inhibitor."
    elif now.glucose_monitored is _YES:
        text = "With dexamethasone: offer a proton pump inhibitor, and go on checking glucose."
    if taken.answer is _NOT_KNOWN:
        text = text.replace("With dexamethasone", "If dexamethasone is taken")
    yield from rules.WATCH.when(taken, text)
