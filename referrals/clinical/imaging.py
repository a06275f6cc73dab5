"""Scans: what is due, how, where and when, and what is not (1.5.1 to 1.5.10)."""

from __future__ import annotations

from collections.abc import Iterator

from referrals.clinical.facts import Confirmed, Facts
from referrals.clinical.library import Strength
from referrals.clinical.presentation import Answer
from referrals.clinical.reasoning import Conclusion, Known, Rule, all_of, any_of, fact, unless

MRI_24H = Rule(
    "imaging.mri_24h",
    "MRI of the whole spine at once, at the latest within 24 hours, at the local hospital. Ask "
    "now what rules MRI out.",
    Strength.OFFER,
    ("1.5.2", "1.5.5"),
)
MRI_1W = Rule(
    "imaging.mri_1w",
    "MRI of the whole spine within 1 week, at the local hospital. Ask now what rules MRI out.",
    Strength.OFFER,
    ("1.5.3", "1.5.5"),
)
CT_24H = Rule(
    "imaging.ct_24h",
    "CT of the whole spine at once, at the latest within 24 hours, in place of MRI.",
    Strength.ENSURE,
    ("1.5.7", "1.5.2"),
)
CT_1W = Rule(
    "imaging.ct_1w",
    "CT of the whole spine within 1 week, in place of MRI.",
    Strength.ENSURE,
    ("1.5.7", "1.5.3"),
)
NO_TRANSFER = Rule(
    "imaging.no_transfer",
    "No transfer to a tertiary centre for MRI, unless it cannot be done locally.",
    Strength.DO_NOT,
    ("1.5.2",),
)
TRANSFER = Rule(
    "imaging.transfer", "Transfer for MRI: it cannot be done locally.", Strength.OFFER, ("1.5.2",)
)
OVERNIGHT = Rule(
    "imaging.overnight",
    "Scan overnight: treatment starts as soon as the scan is read.",
    Strength.OFFER,
    ("1.5.4",),
)
NOT_OVERNIGHT = Rule(
    "imaging.not_overnight",
    "Do not scan overnight: treatment would not start at once.",
    Strength.DO_NOT,
    ("1.5.4",),
)
SEQUENCES = Rule(
    "imaging.sequences",
    "Sagittal T1 or STIR of the whole spine, sagittal T2, and axial images through what is found.",
    Strength.ENSURE,
    ("1.5.5",),
)
RADIOLOGIST = Rule(
    "imaging.radiologist",
    "A radiologist oversees the imaging, so that it is the right one and complete.",
    Strength.ENSURE,
    ("1.5.1",),
)
REPORT = Rule(
    "imaging.report", "Have a radiologist report the scan urgently.", Strength.ENSURE, ("1.5.1",)
)
NO_SURVEILLANCE = Rule(
    "imaging.no_surveillance",
    "No MRI only to look early for compression: the metastases are known and there are no signs.",
    Strength.DO_NOT,
    ("1.5.6",),
)
MYELOGRAPHY = Rule(
    "imaging.myelography",
    "Rarely needed: myelography, here at the neuroscience or spinal surgical centre.",
    Strength.CONSIDER,
    ("1.5.7", "1.5.8"),
)
MYELOGRAPHY_ELSEWHERE = Rule(
    "imaging.myelography_elsewhere",
    "No myelography here: only a neuroscience or spinal surgical centre may do it.",
    Strength.DO_NOT,
    ("1.5.8",),
)
CT_FIRST = Rule(
    "imaging.ct_before_myelography", "No myelography before CT.", Strength.DO_NOT, ("1.5.7",)
)
NO_XRAY = Rule(
    "imaging.no_xray",
    "No plain X-ray: it neither finds this nor rules it out.",
    Strength.DO_NOT,
    ("1.5.9",),
)
RECONSTRUCT = Rule(
    "imaging.reconstruct",
    "Consider viewing recent or new CT in several planes, or a 3-plane reconstruction, to judge "
    "stability and to plan.",
    Strength.CONSIDER,
    ("1.5.10",),
)
RULES = (
    *(MRI_24H, MRI_1W, CT_24H, CT_1W, NO_TRANSFER, TRANSFER, OVERNIGHT, NOT_OVERNIGHT),
    *(SEQUENCES, RADIOLOGIST, REPORT, NO_SURVEILLANCE, MYELOGRAPHY, MYELOGRAPHY_ELSEWHERE),
    *(CT_FIRST, NO_XRAY, RECONSTRUCT),
)

_CONTRAINDICATED = "Is MRI contraindicated?"
_DONE = "Has the whole spine been scanned?"


def conclude(facts: Facts) -> tuple[Conclusion, ...]:
    """Which scan is due, how, where and when, and which is not (1.5.1 to 1.5.10)."""
    if facts.concerned.answer is not Answer.NO:
        return tuple(_conclude(facts))
    return tuple(_again(facts, _no_mri(facts))) if facts.scan_may_be_old else ()


def _no_mri(facts: Facts) -> Known:
    return fact(facts.scans.mri_contraindicated, "MRI is contraindicated.", _CONTRAINDICATED)


def _conclude(facts: Facts) -> Iterator[Conclusion]:
    no_mri = _no_mri(facts)
    only_to_look = _only_to_look(facts)
    if facts.scan_may_be_old:
        yield from _again(facts, no_mri)
    elif facts.confirmed is Confirmed.NOT_KNOWN and only_to_look.answer is not Answer.YES:
        yield from _due(facts, no_mri)
    yield from REPORT.when(_unreported(facts))
    yield from NO_SURVEILLANCE.when(only_to_look)
    yield from _myelography(facts, no_mri)
    yield from NO_XRAY.when(facts.concerned)
    yield from RECONSTRUCT.when(_reconstruction(facts))


def _due(facts: Facts, no_mri: Known) -> Iterator[Conclusion]:
    """What is due until imaging has shown something; a scan nobody recorded was not performed."""
    urgent = facts.mscc_or_signs
    # What is not known of the signs leaves the week standing, and the day as a question.
    calm = unless(urgent) if urgent.answer is not Answer.NOT_KNOWN else facts.concerned
    yield from RADIOLOGIST.when(facts.concerned)
    if facts.scans.whole_spine_done is not Answer.YES and no_mri.answer is not Answer.YES:
        open_ones = no_mri.unknown
        if facts.scans.whole_spine_done is Answer.NOT_KNOWN:
            open_ones += (_DONE,)
        yield from MRI_24H.when(_still_open(urgent, open_ones))
        yield from MRI_1W.when(_still_open(calm, open_ones))
        yield from SEQUENCES.when(_still_open(facts.concerned, open_ones))
        yield from _where_and_when(facts)
    if Answer.YES not in (facts.scans.ct_done, facts.scans.whole_spine_done):
        if no_mri.answer is not Answer.NO:
            yield from CT_24H.when(all_of(no_mri, urgent))
            yield from CT_1W.when(all_of(no_mri, calm))


def _again(facts: Facts, no_mri: Known) -> Iterator[Conclusion]:
    """Another scan within 24 hours if the signs are newer than the one that was read."""
    urgent = facts.mscc_or_signs
    if no_mri.answer is not Answer.YES:
        yield from MRI_24H.when(_still_open(urgent, no_mri.unknown))
        yield from _where_and_when(facts)
    if no_mri.answer is not Answer.NO:
        yield from CT_24H.when(all_of(no_mri, urgent))


def _where_and_when(facts: Facts) -> Iterator[Conclusion]:
    scans = facts.scans
    local = fact(
        scans.local_mri_possible,
        "MRI can be done locally.",
        "Can the MRI be done locally?",
        "MRI cannot be done locally.",
    )
    if local.answer is Answer.NO:
        yield from TRANSFER.when(all_of(facts.mscc_or_signs, unless(local)))
    else:
        yield from NO_TRANSFER.when(_still_open(facts.mscc_or_signs, local.unknown))
    night = fact(scans.overnight, "The scan would be at night.", "Would the scan be at night?")
    at_once = fact(
        scans.treatment_at_once,
        "Treatment starts as soon as the scan is read.",
        "Would treatment start as soon as the scan is read?",
    )
    yield from OVERNIGHT.when(all_of(night, at_once))
    if at_once.answer is Answer.NO:
        yield from NOT_OVERNIGHT.when(night)


def _still_open(known: Known, questions: tuple[str, ...]) -> Known:
    """The same answer; `questions` are what could still change it."""
    return known._replace(unknown=known.unknown + questions)


def _unreported(facts: Facts) -> Known:
    scans = facts.scans
    return all_of(
        any_of(
            fact(scans.whole_spine_done, "The whole spine was scanned.", _DONE),
            fact(scans.ct_done, "CT was done.", "Has CT been done?"),
        ),
        unless(fact(scans.reported, "It is reported.", "Has the scan been reported?")),
    )


def _only_to_look(facts: Facts) -> Known:
    known_before = any_of(
        fact(
            facts.disease.metastases_known,
            "Spinal metastases were diagnosed before.",
            "Were spinal metastases diagnosed before?",
        ),
        facts.metastases_without_mscc,
    )
    return all_of(
        unless(facts.mscc),
        known_before,
        unless(facts.signs),
        fact(
            facts.scans.only_to_detect_early,
            "The scan would only look early for compression.",
            "Is there another reason for the scan than to find compression early?",
        ),
    )


def _myelography(facts: Facts, no_mri: Known) -> Iterator[Conclusion]:
    scans = facts.scans
    more = fact(scans.more_needed_after_ct, "CT does not tell enough.", "Does CT tell enough?")
    ct = fact(scans.ct_done, "CT was done.", "Has CT been done?", "CT has not been done.")
    wanted = all_of(no_mri, more)
    if wanted.answer is Answer.YES:
        yield from CT_FIRST.when(unless(ct))
    centre = fact(
        scans.at_spinal_centre,
        "The person is at a neuroscience or spinal surgical centre.",
        "Is the person at a neuroscience or spinal surgical centre?",
        "The person is not at a neuroscience or spinal surgical centre.",
    )
    after_ct = all_of(wanted, ct)
    if centre.answer is Answer.NO:
        yield from MYELOGRAPHY_ELSEWHERE.when(all_of(after_ct, unless(centre)))
    else:
        yield from MYELOGRAPHY.when(all_of(after_ct, centre))


def _reconstruction(facts: Facts) -> Known:
    shown = any_of(facts.mscc_confirmed, facts.metastases_without_mscc)
    stability = fact(facts.spine.unstable, "The spine may be unstable.", "Is the spine unstable?")
    lying = fact(
        facts.spine.immobilised, "The person is immobilised.", "Is the person immobilised?"
    )
    planned = fact(
        facts.scans.procedure_planned,
        "A procedure on the spine is planned.",
        "Is surgery, vertebroplasty or kyphoplasty planned?",
    )
    return all_of(shown, any_of(planned, stability, lying))
