"""Prevention of blood clots: the management summary's rules, and where NG234 points (1.12.5)."""

from __future__ import annotations

from referrals.clinical.facts import Facts
from referrals.clinical.library import Strength
from referrals.clinical.presentation import Answer
from referrals.clinical.reasoning import SUMMARY, Conclusion, Known, Rule, all_of, fact

_SUMMARY = SUMMARY + "thromboprophylaxis"
_YES, _NO = Answer.YES, Answer.NO

MECHANICAL = Rule(
    "thromboprophylaxis.mechanical",
    "Use thigh-length stockings, intermittent pneumatic compression, or foot impulse devices.",
    Strength.OFFER,
    (_SUMMARY,),
)
DEVICES_ONLY = Rule(
    "thromboprophylaxis.devices_only",
    "No stockings: use intermittent pneumatic compression or foot impulse devices if they suit.",
    Strength.OFFER,
    (_SUMMARY,),
)
HEPARIN = Rule(
    "thromboprophylaxis.heparin",
    "Offer subcutaneous low molecular weight heparin as well.",
    Strength.OFFER,
    (_SUMMARY,),
)
DURATION = Rule(
    "thromboprophylaxis.duration",
    "Decide for this person how long it goes on: risk factors, general condition, moving again.",
    Strength.ENSURE,
    (_SUMMARY,),
)
GUIDANCE = Rule(
    "thromboprophylaxis.guidance",
    "Assess the risk of clots and of bleeding as NICE's guideline on venous thromboembolism says.",
    Strength.ENSURE,
    ("1.12.5",),
)
RULES = (MECHANICAL, DEVICES_ONLY, HEPARIN, DURATION, GUIDANCE)


def conclude(facts: Facts) -> tuple[Conclusion, ...]:
    """What applies to somebody with suspected or confirmed MSCC; the guideline on clots for
    everyone in hospital with spinal metastases."""
    if facts.concerned.answer is _NO and not facts.scan_may_be_old:
        return ()
    here = fact(facts.care.in_hospital, "The person is in hospital.", "Is the person in hospital?")
    guidance = tuple(GUIDANCE.when(all_of(facts.concerned, here)))
    if facts.mscc_or_signs.answer is _NO:
        return guidance
    return (*_mechanical(facts), *_heparin(facts), *DURATION.when(facts.mscc_or_signs), *guidance)


def _mechanical(facts: Facts) -> tuple[Conclusion, ...]:
    against = facts.care.stockings_contraindicated
    if against is _YES:
        stockings = Known(_YES, ("Stockings are contraindicated.",))
        return tuple(DEVICES_ONLY.when(all_of(facts.mscc_or_signs, stockings)))
    asked = () if against is _NO else ("Are stockings contraindicated?",)
    known = facts.mscc_or_signs
    return tuple(MECHANICAL.when(known._replace(unknown=known.unknown + asked)))


def _heparin(facts: Facts) -> tuple[Conclusion, ...]:
    """High risk, to which surgery adds, and judged safe: not known which leaves it open."""
    operated = facts.treatment.surgery_performed is _YES
    high = fact(
        _YES if operated else facts.care.high_clot_risk,
        "Surgery has been performed: the risk of clots is high."
        if operated
        else "The risk of clots is high.",
        "Is the risk of blood clots high?",
    )
    safe = fact(
        facts.care.anticoagulation_safe,
        "Anticoagulation is judged safe.",
        "Is anticoagulation judged safe (bleeding, planned surgery or biopsy)?",
    )
    return tuple(HEPARIN.when(all_of(facts.mscc_or_signs, high, safe)))
