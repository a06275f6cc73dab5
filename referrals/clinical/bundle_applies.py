"""To whom each item of the care bundle applies: facts in, a three-way answer with reasons out.

An item that was given still applies: what was recorded of it is judged in `bundle`, not here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from referrals.clinical.facts import Facts, Haematology, Prognosis
from referrals.clinical.immobilisation import moderate_pain_on_movement, signs_of_instability
from referrals.clinical.neurology import Mobility
from referrals.clinical.pain import has_pain
from referrals.clinical.presentation import Answer
from referrals.clinical.reasoning import Known, all_of, any_of, fact
from referrals.clinical.steroid_facts import haematology, spread_shown, taking, treated

_YES, _NO, _NOT_KNOWN = Answer.YES, Answer.NO, Answer.NOT_KNOWN


def concerned(facts: Facts) -> Known:
    """Spinal metastases or MSCC, suspected or confirmed."""
    return facts.concerned


def immobilisation(facts: Facts) -> Known:
    """1.4.1 for an unstable spine, 1.4.2 for pain on movement; not once it is over."""
    return all_of(
        facts.concerned, any_of(signs_of_instability(facts), moderate_pain_on_movement(facts))
    )


def dexamethasone(facts: Facts) -> Known:
    """A first dose: neurological signs (1.8.1), or a haematological malignancy with spread
    (1.8.5). With lymphoma or myeloma only suspected haematology is rung: at the same time
    where there are signs (1.8.1), first where none are known (1.8.6)."""
    if facts.steroids.given is not _YES and treated(facts).answer is _YES:
        return Known(_NO, ("Treatment has begun without a steroid.",))
    blood = haematology(facts)
    wanted = [facts.signs]
    if blood is Haematology.CONFIRMED:
        known = Known(_YES, ("The cancer is a confirmed haematological malignancy.",))
        wanted.append(all_of(known, spread_shown(facts)))
    found = all_of(facts.concerned, any_of(*wanted))
    if blood is Haematology.SUSPECTED and found.answer is not _NO:
        said = (
            "ring haematology at the same time" if found.answer is _YES else "ask haematology first"
        )
        return found._replace(
            because=(*found.because, f"Lymphoma or myeloma is suspected: {said}.")
        )
    return found


def steroids_taken(facts: Facts) -> Known:
    """Whoever takes a steroid, whatever it was given for (1.8.8)."""
    return taking(facts)


def pain(facts: Facts) -> Known:
    """There is pain, or nobody has asked."""
    return all_of(facts.concerned, has_pain(facts))


def pain_plan_exists(facts: Facts) -> Known:
    """A plan was started: each start and each change is reviewed (1.7.4)."""
    if facts.pain.reviewed_since_change is _NOT_KNOWN:
        return Known(_NO, ("No pain plan is on record.",))
    return all_of(facts.concerned, Known(_YES, ("There is a pain plan.",)))


def in_hospital(facts: Facts) -> Known:
    """In hospital with spinal metastases or MSCC."""
    here = fact(facts.care.in_hospital, "The person is in hospital.", "Is the person in hospital?")
    return all_of(facts.concerned, here)


def mscc(facts: Facts) -> Known:
    """MSCC, suspected or confirmed, or signs that may be newer than the scan."""
    return facts.mscc_or_signs


def compression_devices(facts: Facts) -> Known:
    """Instead of stockings that are contraindicated; with them if that is wanted."""
    against = fact(
        facts.care.stockings_contraindicated,
        "Stockings are contraindicated.",
        "Are stockings contraindicated?",
    )
    return all_of(facts.mscc_or_signs, against)


def anticoagulant(facts: Facts) -> Known:
    """MSCC at high risk of clots, to which surgery adds; whether it is safe is judged each time."""
    high = any_of(
        fact(facts.treatment.surgery_performed, "Surgery has been performed.", _OPERATED),
        fact(facts.care.high_clot_risk, "The risk of clots is high.", _CLOT_RISK),
    )
    return all_of(facts.mscc_or_signs, high)


_OPERATED = "Has surgery been performed?"
_CLOT_RISK = "Is the risk of blood clots high?"


def skin(facts: Facts) -> Known:
    """Whoever lies still, cannot walk, or may soon do either."""
    still = facts.neurology.mobility
    walks = _NOT_KNOWN if still is Mobility.NOT_KNOWN else _YES
    if still is Mobility.CANNOT_WALK:
        walks = _NO
    return all_of(
        facts.concerned,
        any_of(
            facts.mscc_or_signs,
            fact(facts.spine.immobilised, "The person lies flat.", "Is the person immobilised?"),
            fact(
                {_YES: _NO, _NO: _YES}.get(walks, _NOT_KNOWN),
                "The person cannot walk.",
                "How does the person get about?",
            ),
        ),
    )


def bladder_bowel(facts: Facts) -> Known:
    """MSCC threatens both; a problem that was found is enough by itself."""
    seen = facts.neurology
    told = facts.presentation.answer("bladder_bowel")
    return all_of(
        facts.concerned,
        any_of(
            facts.mscc_or_signs,
            fact(told, "There is a bladder or bowel problem.", _BLADDER),
            fact(seen.bladder, "The examination found a bladder problem.", _BLADDER),
            fact(seen.bowel, "The examination found a bowel problem.", _BLADDER),
        ),
    )


_BLADDER = "Is there a bladder or bowel problem?"


def diagnosed(facts: Facts) -> Known:
    """Spinal metastases or MSCC are known, from this scan or before (1.2.5, 1.12.1)."""
    return all_of(facts.concerned, spread_shown(facts))


def holistic_needs(facts: Facts) -> Known:
    """From diagnosis, once the person is able to take part; nobody said otherwise: able."""
    if facts.care.able_to_take_part is _NO:
        return Known(_NO, ("The person is not yet well enough to take part.",))
    return diagnosed(facts)


def fertility(facts: Facts) -> Known:
    """Radiotherapy is considered, and nobody has said that fertility does not matter (1.10.1)."""
    if facts.treatment.fertility_matters is _NO:
        return Known(_NO, ("Future fertility does not matter to the person, or no longer can.",))
    considered = fact(
        facts.treatment.radiotherapy_considered,
        "Radiotherapy is considered.",
        "Is radiotherapy considered?",
    )
    return all_of(facts.concerned, considered)


def specialist_rehabilitation(facts: Facts) -> Known:
    """MSCC, and likely to benefit (1.12.4)."""
    benefit = fact(
        facts.care.rehabilitation_would_help,
        "Rehabilitation is likely to help.",
        "Would specialist rehabilitation help?",
    )
    return all_of(facts.mscc, benefit)


def end_of_life(facts: Facts) -> Known:
    """The person approaches the end of life; a poor outlook is a reason to ask."""
    near = fact(
        facts.care.end_of_life,
        "The person is approaching the end of life.",
        "Is the person approaching the end of life?",
    )
    if near.answer is _NOT_KNOWN and facts.disease.prognosis is Prognosis.POOR:
        return near._replace(because=("The overall prognosis is poor.",))
    return near


APPLIES: Mapping[str, Callable[[Facts], Known]] = MappingProxyType(
    {
        "immobilisation": immobilisation,
        "dexamethasone": dexamethasone,
        "stomach_protection": steroids_taken,
        "glucose": steroids_taken,
        "analgesia": pain,
        "pain_assessment": pain,
        "pain_plan": pain,
        "pain_review": pain_plan_exists,
        "vte_assessment": in_hospital,
        "stockings": mscc,
        "compression_devices": compression_devices,
        "anticoagulant": anticoagulant,
        "skin": skin,
        "bladder_bowel": bladder_bowel,
        "contact": concerned,
        "information": concerned,
        "reasons": concerned,
        "fertility": fertility,
        "care_plan": concerned,
        "holistic_needs": holistic_needs,
        "support": diagnosed,
        "advance_care_planning": concerned,
        "rehabilitation": diagnosed,
        "specialist_rehabilitation": specialist_rehabilitation,
        "discharge_planning": in_hospital,
        "equipment_training": diagnosed,
        "end_of_life_care": end_of_life,
        "bereavement_support": end_of_life,
    }
)
