"""Names, words and numbers for the demo's stories; all of it made up."""

import random
from datetime import datetime, timedelta
from typing import Any

from referrals.clinical.presentation import Answer
from referrals.domain.closing import Redirection
from referrals.domain.discharge import Leaving
from referrals.domain.intake import Referrer
from referrals.domain.opinions import Question
from referrals.domain.treatment import Decision
from referrals.domain.triage import AdviceDetails

GIVEN = {
    "female": ["Edith", "Parveen", "Moira", "Joan", "Agnieszka", "Lorna", "Blessing", "Thea"],
    "male": ["Walter", "Hamid", "Kenneth", "Roy", "Emeka", "Alun", "Stefan", "Brian"],
}
FAMILY = [
    "Ashdown-Test",
    "Bellweather",
    "Crabtree-Fake",
    "Dunmore",
    "Eastlake",
    "Fenwickson",
    "Garrowby",
    "Hollingsworth-Demo",
    "Inkpen",
    "Jessop-Test",
    "Kettlewell",
    "Lambtonby",
    "O'Marrow",
    "Nettlefold",
    "Zoë-Quill",
]
OPINION = (
    "Images reviewed. No role for surgery now: several levels, limited reserve. Stable enough to "
    "sit out as pain allows. Suggest urgent radiotherapy."
)


def nhs_number(count: int) -> str:
    """The `count`th number of the test range 999..., with a right check digit (ISB 0149)."""
    serial = count * 7
    while True:
        nine = f"999{serial:06}"
        check = 11 - sum(int(d) * w for d, w in zip(nine, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return f"{nine}{0 if check == 11 else check}"
        serial += 1


def referrer(rng: random.Random) -> Referrer:
    name, role = rng.choice(
        [
            ("Asha Penhale", "Staff nurse"),
            ("Tom Ilves", "Registrar"),
            ("Dr Mina Calloway", "Acute physician"),
            ("Joel Prentice", "Advanced practitioner"),
        ]
    )
    return Referrer(
        name=name,
        role=role,
        call_back=f"01632 960{rng.randint(100, 199)}",
        email="nurse@demo.example" if name == "Asha Penhale" else "",
        responsible_consultant=rng.choice(["Dr Iona Beck", "Dr Farid Noor", ""]),
        consultant_aware=rng.choice([True, True, None]),
    )


def sections(rng: random.Random, at: datetime, *, cord: bool, full: bool) -> dict[str, Any]:
    """What the ward filled in; now and then only the minimum."""
    found: dict[str, Any] = {"neurology": {"mobility": _mobility(rng, cord)}}
    if not full:
        return found
    primary = rng.choice(["Prostate", "Breast", "Lung", "Kidney", "Myeloma", "Bowel"])
    found["neurology"] |= neurology(rng, cord=cord)
    found["cancer"] = {
        "primary_site": primary,
        "diagnosed": str(rng.randint(2016, 2026)),
        "stage": rng.choice(["Stage 4", "Stage 3", ""]),
        "haematological": "yes" if primary == "Myeloma" else "no",
        "previous_radiotherapy": rng.choice(["None", "None", "T8 to T10, 20 Gy in 5, 2024"]),
        "oncologist": "Dr Nell Okoro",
    }
    found["pain"] = {"severity": rng.randint(3, 9), "site": rng.choice(["Mid back", "Low back"])}
    found["mri_safety"] = {
        "contraindicated": rng.choice(["no", "no", "no", "not_known"]),
        "can_lie_flat": "yes",
        "weight_kg": rng.randint(52, 104),
    }
    found["fitness"] = {"performance_status": rng.randint(1, 3), "frailty": rng.randint(3, 6)}
    found["care"] = {
        "dexamethasone": "yes" if cord else "no",
        "dexamethasone_mg": 16 if cord else None,
        "dexamethasone_at": at - timedelta(minutes=30) if cord else None,
        "immobilised": "yes" if cord else "no",
        "immobilised_at": at - timedelta(minutes=20) if cord and rng.random() < 0.5 else None,
        "imaging_done": "None",
    }
    return found


def neurology(rng: random.Random, *, cord: bool = True) -> dict[str, Any]:
    legs = rng.randint(2, 4) if cord else 5
    return {
        "mobility": _mobility(rng, cord),
        "power_right_leg": legs,
        "power_left_leg": min(5, legs + rng.randint(0, 1)),
        "power_right_arm": 5,
        "power_left_arm": 5,
        "sensation_loss": "yes" if cord else "no",
        "sensory_level": rng.choice(["T8", "T10", "L1"]) if cord else "",
        "perianal_sensation_reduced": "no",
        "bladder_problem": rng.choice(["no", "no", "yes"]) if cord else "no",
        "bowel_problem": "no",
        "examined_by": "Tom Ilves",
    }


def _mobility(rng: random.Random, cord: bool) -> str:
    worse = ["walks_with_aid", "walks_with_help", "cannot_walk"]
    return rng.choice(worse) if cord else "walks_unaided"


def advice(*, cord: bool) -> AdviceDetails:
    return AdviceDetails(
        given_to="Ward nurse in charge",
        how="phone",
        pain="Regular analgesia, review within the hour.",
        stability="Flat with log-rolling until the scan is read." if cord else "",
        immobilisation="Nurse lying flat; raise the head a little if breathless." if cord else "",
        dexamethasone="16 mg now with a stomach protector; check glucose." if cord else "Not yet.",
        transfer="Scan locally; no transfer needed now.",
        read_back=True,
    )


def report(outcome: str) -> str:
    if outcome == "mscc":
        return "Whole spine. T9 metastasis with cord compression; further deposits T4 and L2."
    return "Whole spine. Several vertebral metastases, no compression of cord or cauda equina."


def question(specialty: str) -> Question:
    return Question(
        specialty=specialty,
        question="Is surgery an option, and is the spine stable enough to sit up?",
        about_stability=True,
    )


def decision(at: datetime) -> Decision:
    return Decision(
        plan="radiotherapy",
        decided_by="Dr Helena Marsh",
        decided_at=at,
        consulted=("spinal_surgery", "oncology"),
        rationale="Not for surgery; good pain response expected.",
        surgery_considered="Discussed with the spinal surgeon.",
        fractionation="8 Gy, single fraction",
    )


def leaving(rng: random.Random, at: datetime) -> Leaving:
    return Leaving(
        lead_name="Nurse Ola Finch",
        lead_role="Ward sister",
        lead_phone="01632 960177",
        destination=rng.choice(["home", "home", "rehabilitation", "hospice"]),
        discharged_at=at,
        mobility_at_discharge=rng.choice(["walks_with_aid", "cannot_walk", "walks_unaided"]),
        follow_up="Oncology clinic in two weeks; community palliative care informed.",
        equipment_and_support="Frame and commode delivered; carers shown transfers.",
        dexamethasone=Answer.YES,
        dexamethasone_plan="Reduce over 7 days, then stop.",
        stomach_protection=Answer.YES,
        glucose_checked=Answer.YES,
        care_plan=Answer.YES,
        carers_trained=Answer.YES,
        new_symptoms_contact="MSCC coordinator, 01632 960200",
        open_items_reason="Key information from the first day could not be completed.",
    )


def redirection() -> Redirection:
    return Redirection(
        to="Urgent oncology assessment",
        advice="No cord signs. Refer for urgent assessment today; ring if anything changes.",
    )
