"""Pain: relief, assessment, an agreed plan and its review, medicines (1.7.1 to 1.7.15).

The rules on bisphosphonates (1.7.12 to 1.7.14) are the guideline's of 2008, kept in 2023.
"""

from __future__ import annotations

from collections.abc import Iterator

from referrals.clinical.facts import Confirmed, Facts, Haematology, Primary
from referrals.clinical.library import Strength
from referrals.clinical.presentation import PAIN_ITEMS, Answer
from referrals.clinical.reasoning import (
    SUMMARY,
    Conclusion,
    Known,
    Rule,
    all_of,
    any_of,
    fact,
    unless,
)

_YES, _NO, _NOT_KNOWN = Answer.YES, Answer.NO, Answer.NOT_KNOWN
_DENOSUMAB = SUMMARY + "denosumab"

RELIEF = Rule(
    "pain.relief",
    "Relieve the pain now, and go on while waiting for scans and treatment.",
    Strength.ENSURE,
    ("1.7.1",),
)
ASSESS = Rule(
    "pain.assess",
    "Assess the pain: how severe, where and what kind, its cause and whether that is worse, and "
    "what it does to sleep, work and daily life.",
    Strength.ENSURE,
    ("1.7.2",),
)
PLAN = Rule(
    "pain.plan",
    "Agree a pain plan with the person: what was tried, what they expect, the choices with risks "
    "and benefits, and whom to ring if pain lasts or changes.",
    Strength.ENSURE,
    ("1.7.3",),
)
REVIEW = Rule(
    "pain.review",
    "The pain plan was started or changed: review whether it works.",
    Strength.ENSURE,
    ("1.7.4",),
)
REFER = Rule(
    "pain.refer",
    "Consider the specialist pain service, or palliative care where that fits better.",
    Strength.CONSIDER,
    ("1.7.5",),
)
BEFORE_CHOOSING = Rule(
    "pain.before_choosing",
    "Before choosing a painkiller, talk over side effects, other illnesses, and other medicines, "
    "also those bought without a prescription.",
    Strength.ENSURE,
    ("1.7.6",),
)
ANALGESICS = Rule(
    "pain.analgesics",
    "Offer painkillers: non-opioid, opioid, or both together, as the assessment and plan say.",
    Strength.OFFER,
    ("1.7.7",),
)
AT_REVIEW = Rule(
    "pain.at_review",
    "At each review, talk over dose, titration and side effects; keep the plan or change it.",
    Strength.ENSURE,
    ("1.7.8",),
)
NEUROPATHIC = Rule(
    "pain.neuropathic",
    "Consider treating it as neuropathic pain (NICE guideline on neuropathic pain in adults).",
    Strength.CONSIDER,
    ("1.7.9",),
)
OPIOIDS_IN_PALLIATIVE_CARE = Rule(
    "pain.opioids_in_palliative_care",
    "Start and titrate strong opioids, and treat their side effects, as NICE's guideline on "
    "palliative care says.",
    Strength.ENSURE,
    ("1.7.10",),
)
CONTROLLED_DRUGS = Rule(
    "pain.controlled_drugs",
    "Strong opioids: follow the processes for controlled drugs (NICE guideline).",
    Strength.ENSURE,
    ("1.7.11",),
)
BISPHOSPHONATES = Rule(
    "pain.bisphosphonates",
    "Offer a bisphosphonate against pain, and so that fewer vertebrae break or collapse.",
    Strength.OFFER,
    ("1.7.12",),
)
BISPHOSPHONATES_PROSTATE = Rule(
    "pain.bisphosphonates_prostate",
    "Usual painkillers fail: offer a bisphosphonate against the pain.",
    Strength.OFFER,
    ("1.7.13",),
)
NO_BISPHOSPHONATES = Rule(
    "pain.no_bisphosphonates",
    "Do not use a bisphosphonate against spinal pain with this primary tumour.",
    Strength.DO_NOT,
    ("1.7.14",),
)
NOT_TO_PREVENT = Rule(
    "pain.not_to_prevent",
    "Do not use a bisphosphonate to prevent MSCC, except in a randomised trial.",
    Strength.DO_NOT,
    ("1.7.14",),
)
DENOSUMAB = Rule(
    "pain.denosumab",
    "Denosumab is an option where a bisphosphonate would be prescribed: follow NICE's technology "
    "appraisal.",
    Strength.ENSURE,
    ("1.7.15", _DENOSUMAB),
)
NO_DENOSUMAB = Rule(
    "pain.no_denosumab",
    "Do not use denosumab to prevent fractures and cord compression in prostate cancer.",
    Strength.DO_NOT,
    (_DENOSUMAB,),
)
RULES = (
    RELIEF,
    ASSESS,
    PLAN,
    REVIEW,
    REFER,
    BEFORE_CHOOSING,
    ANALGESICS,
    AT_REVIEW,
    NEUROPATHIC,
    OPIOIDS_IN_PALLIATIVE_CARE,
    CONTROLLED_DRUGS,
    BISPHOSPHONATES,
    BISPHOSPHONATES_PROSTATE,
    NO_BISPHOSPHONATES,
    NOT_TO_PREVENT,
    DENOSUMAB,
    NO_DENOSUMAB,
)

# What a rule says as long as nobody knows whether it applies: before its own words, or instead.
_IF = {
    AT_REVIEW.key: "If there is a pain plan",
    REFER.key: "If pain is hard to manage, and severe or limiting",
    NEUROPATHIC.key: "If pain has neuropathic features, or opioids do not help",
    ANALGESICS.key: "If there is pain",
    BEFORE_CHOOSING.key: "If there is pain",
    BISPHOSPHONATES.key: "If myeloma or breast cancer is in the spine",
    NO_BISPHOSPHONATES.key: "If another cancer than myeloma, breast or prostate is in the spine",
    NOT_TO_PREVENT.key: "If the cancer is in the spine",
    DENOSUMAB.key: "If a solid tumour other than prostate is in the spine",
    NO_DENOSUMAB.key: "If prostate cancer is in the spine",
}
_INSTEAD = {
    ASSESS.key: "If there is pain: assess how severe it is, where and what kind, its cause and "
    "whether that is worse, and what it does to sleep, work and daily life.",
    PLAN.key: "If there is pain and no plan yet: agree one with the person: what was tried, what "
    "they expect, the choices with risks and benefits, and whom to ring.",
    REVIEW.key: "If the pain plan was started or changed and not reviewed since: review whether it "
    "works.",
    CONTROLLED_DRUGS.key: "If strong opioids are used: follow the processes for controlled drugs "
    "(NICE guideline).",
    OPIOIDS_IN_PALLIATIVE_CARE.key: "If strong opioids are used in palliative care: start and "
    "titrate them, and treat side effects, as NICE's guideline on palliative care says.",
    BISPHOSPHONATES_PROSTATE.key: "If it is prostate cancer in the spine and usual painkillers "
    "fail: offer a bisphosphonate against the pain.",
}
_IF_PAINKILLERS_WORK = (
    "If prostate cancer is in the spine and the usual painkillers control the pain: do not use a "
    "bisphosphonate against it."
)
_RELIEF_TEXTS = {
    _YES: "",
    _NO: "No pain now: ask again, and relieve any pain at once, also while waiting for scans and "
    "treatment.",
    _NOT_KNOWN: "Ask about pain. Relieve any pain now, and go on while waiting for scans and "
    "treatment.",
}
_PRIMARY_QUESTION = "What is the primary tumour?"
_CONTROLLED_QUESTION = "Do the usual painkillers control the pain?"
_WHILE_PAINKILLERS_WORK = (
    "Do not use a bisphosphonate against the pain while the usual painkillers control it."
)
_HAEMATOLOGICAL = (Primary.LYMPHOMA, Primary.MYELOMA)


def conclude(facts: Facts) -> tuple[Conclusion, ...]:
    """What applies to this person's pain, most urgent first."""
    if facts.concerned.answer is _NO:
        return ()
    return (*_relief(facts), *_referral(facts), *_opioids(facts), *_bones(facts))


def _said(rule: Rule, known: Known) -> Iterator[Conclusion]:
    """The rule's conclusion; what only may apply begins with its "If"."""
    text = ""
    if known.answer is _NOT_KNOWN and rule.key in _IF:
        text = f"{_IF[rule.key]}: {rule.text[0].lower()}{rule.text[1:]}"
    elif known.answer is _NOT_KNOWN:
        text = _INSTEAD[rule.key]
    yield from rule.when(known, text)


def has_pain(facts: Facts) -> Known:
    """Whether there is pain: as assessed, or as any answer of box 1 about pain says."""
    severity = facts.pain.severity
    if severity is not None:
        said = (f"Pain is {severity} out of 10.",)
        return Known(_YES if severity > 0 else _NO, said)
    told = facts.presentation
    answers = {item.label: told.answer(item.id) for item in PAIN_ITEMS}
    answers["pain that shoots along a nerve"] = told.answer("radicular")
    found = tuple(f"There is {label}." for label, answer in answers.items() if answer is _YES)
    if found:
        return Known(_YES, found)
    if _NOT_KNOWN in answers.values():
        return Known(_NOT_KNOWN, (), ("Is there pain?",))
    return Known(_NO, ("There is no pain.",))


def _relief(facts: Facts) -> Iterator[Conclusion]:
    now, pain = facts.pain, has_pain(facts)
    # Relief is for everyone: that nobody asked about pain is no reason to let it be.
    because = pain.because if pain.answer is _YES else ("This applies to everyone.",)
    yield from RELIEF.when(Known(_YES, because, pain.unknown), _RELIEF_TEXTS[pain.answer])
    if pain.answer is _NO:
        return
    if now.assessed is not _YES:
        assessed = fact(now.assessed, "", "Has the pain been assessed?", "It was not assessed.")
        yield from _said(ASSESS, all_of(pain, unless(assessed)))
    agreed = fact(
        now.plan_agreed,
        "A pain plan is agreed.",
        "Is a pain plan agreed with the person?",
        "No pain plan is agreed yet.",
    )
    yield from _said(PLAN, all_of(pain, unless(agreed)))
    reviewed = fact(
        now.reviewed_since_change,
        "The plan was reviewed.",
        "Was the pain plan reviewed since it was started or changed?",
        "It was not reviewed since.",
    )
    if now.plan_agreed is not _NO:
        yield from _said(REVIEW, all_of(pain, agreed, unless(reviewed)))
        yield from _said(AT_REVIEW, all_of(pain, agreed))
    yield from _said(ANALGESICS, pain)
    yield from _said(BEFORE_CHOOSING, pain)


def _referral(facts: Facts) -> Iterator[Conclusion]:
    now = facts.pain
    difficult = fact(
        now.difficult_to_manage, "The pain is difficult to manage.", "Is it difficult to manage?"
    )
    limits = fact(
        now.limits_life,
        "The pain limits daily life a great deal.",
        "Does pain limit sleep, daily life or work a great deal?",
    )
    yield from _said(REFER, all_of(difficult, any_of(facts.severe_pain, limits)))
    neuropathic = fact(
        now.neuropathic,
        "The pain has neuropathic features.",
        "Does the pain have neuropathic features (burning, shooting, electric, numb)?",
    )
    resistant = fact(
        now.opioids_do_not_help, "Opioids do not help.", "Do opioids help against the pain?"
    )
    if has_pain(facts).answer is not _NO:
        yield from _said(NEUROPATHIC, any_of(neuropathic, resistant))


def _opioids(facts: Facts) -> Iterator[Conclusion]:
    strong = fact(facts.pain.strong_opioids, "Strong opioids are used.", "Are strong opioids used?")
    palliative = fact(
        facts.pain.palliative_care, "This is palliative care.", "Is the care palliative?"
    )
    yield from _said(CONTROLLED_DRUGS, strong)
    yield from _said(OPIOIDS_IN_PALLIATIVE_CARE, all_of(strong, palliative))


# Bisphosphonates and denosumab, by the primary tumour


def spine_involved(facts: Facts) -> Known:
    """Whether the cancer is known to be in the spine; a suspicion alone does not say so."""
    if facts.confirmed in (Confirmed.MSCC, Confirmed.SPINAL_METASTASES):
        return Known(_YES, ("Imaging shows disease in the spine.",))
    return fact(
        facts.disease.metastases_known,
        "Spinal metastases are known.",
        "Is the cancer known to be in the spine?",
    )


def _bones(facts: Facts) -> Iterator[Conclusion]:
    involved = spine_involved(facts)
    if involved.answer is _NO:
        return
    primary = facts.disease.primary
    yield from _said(
        BISPHOSPHONATES, all_of(involved, _primary_is(primary, Primary.MYELOMA, Primary.BREAST))
    )
    prostate = _primary_is(primary, Primary.PROSTATE)
    yield from _said(BISPHOSPHONATES_PROSTATE, all_of(involved, prostate, _analgesia_fails(facts)))
    against = all_of(involved, _other_primary(facts))
    if primary is Primary.PROSTATE:
        certain = against.answer is _YES
        text = _WHILE_PAINKILLERS_WORK if certain else _IF_PAINKILLERS_WORK
        yield from NO_BISPHOSPHONATES.when(against, text)
    else:
        yield from _said(NO_BISPHOSPHONATES, against)
    yield from _said(NOT_TO_PREVENT, involved)
    yield from _said(DENOSUMAB, all_of(involved, unless(prostate), _solid(facts)))
    yield from _said(NO_DENOSUMAB, all_of(involved, prostate))


def _primary_is(primary: Primary, *wanted: Primary) -> Known:
    """Whether the primary is one of `wanted`; one that was looked for in vain may still be."""
    if primary in (Primary.NOT_KNOWN, Primary.UNIDENTIFIED):
        return Known(_NOT_KNOWN, (), (_PRIMARY_QUESTION,))
    said = (f"The primary tumour is: {primary.value}.",)
    return Known(_YES if primary in wanted else _NO, said)


def _analgesia_fails(facts: Facts) -> Known:
    return all_of(
        has_pain(facts),
        unless(
            fact(
                facts.pain.controlled,
                "The usual painkillers control the pain.",
                _CONTROLLED_QUESTION,
                "The usual painkillers do not control the pain.",
            )
        ),
    )


def _other_primary(facts: Facts) -> Known:
    """1.7.14: neither myeloma nor breast, nor prostate in which the usual painkillers fail."""
    primary = facts.disease.primary
    if primary is Primary.PROSTATE:
        return all_of(_primary_is(primary, Primary.PROSTATE), unless(_analgesia_fails(facts)))
    named = _primary_is(primary, Primary.MYELOMA, Primary.BREAST, Primary.PROSTATE)
    return unless(named)


def _solid(facts: Facts) -> Known:
    """Whether the primary is a solid tumour: neither lymphoma nor myeloma (1.7.15)."""
    primary = facts.disease.primary
    if primary in _HAEMATOLOGICAL or facts.disease.haematology is Haematology.CONFIRMED:
        return Known(_NO, ("The cancer is a haematological malignancy.",))
    return unless(_primary_is(primary, *_HAEMATOLOGICAL))
