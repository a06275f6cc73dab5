"""The made-up people of the past, with what is not known of some."""

import random
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from mscc.demo import cast
from mscc.demo.synthetic.places import Region, Site
from mscc.demo.synthetic.rows import make
from referrals.models import Patient

_ETHNIC = (
    ("White British", 78),
    ("White Irish", 3),
    ("Asian or Asian British: Indian", 5),
    ("Asian or Asian British: Pakistani", 4),
    ("Black or Black British: Caribbean", 4),
    ("Mixed or multiple ethnic groups", 2),
    ("Not stated", 4),
)
_WORDS, _WEIGHTS = zip(*_ETHNIC, strict=True)
_LANGUAGES = ("Polish", "Urdu", "Punjabi", "Romanian", "British Sign Language")
_NUMBERS = 1_000_000  # in the range 999


def person(
    rng: random.Random, key: UUID, nth: int, site: Site, region: Region, on: date
) -> Patient:
    """The `nth` person, referred on that day. Every NHS number is one that nobody has."""
    sex = rng.choices(("female", "male", "not_known"), (44, 55, 1))[0]
    years = min(97, max(19, int(rng.gauss(68, 12))))
    values: dict[str, Any] = {
        "id": key,
        "alliance_id": site.alliance,
        "date_of_birth": on - timedelta(days=int(365.25 * years) + rng.randrange(365)),
        "sex": sex,
        "ethnicity": rng.choices(_WORDS, _WEIGHTS)[0] if rng.random() < 0.9 else "",
        "postcode": rng.choice(region.near[site.hospital]) if rng.random() < 0.97 else "",
        "gp_practice": "Example Surgery",
        **named(rng, nth, sex),
        **_language(rng),
    }
    return make(Patient, **values)


def named(rng: random.Random, nth: int, sex: str) -> dict[str, Any]:
    """The name and the number of the `nth` person."""
    number = _number(nth)
    return {
        "nhs_number": number,
        "nhs_number_absent_reason": "" if number else "Not known when referred",
        "given_name": rng.choice(cast.GIVEN.get(sex) or cast.GIVEN["female"]),
        "family_name": rng.choice(cast.FAMILY),
    }


def burden(patient: Patient, fifth: int | None) -> float:
    """How much slower things go, which they should not: what a cut by groups is to find."""
    slower = 1.5 if patient.interpreter_needed else 1.0
    return slower * {1: 1.3, 2: 1.1}.get(fifth or 0, 1.0)


def _language(rng: random.Random) -> dict[str, Any]:
    chance = rng.random()
    if chance < 0.06:
        return {"language": "", "interpreter_needed": None}
    if chance < 0.16:
        said = rng.choice(_LANGUAGES)
        return {"language": said, "interpreter_needed": rng.random() < 0.6}
    return {"language": "English", "interpreter_needed": False}


def _number(nth: int) -> str | None:
    """A number of the range 999 with a right check digit (ISB 0149); one in eleven has none.

    From the end of the range, since the demo's stories begin at its start.
    """
    if nth >= _NUMBERS:
        return None
    nine = f"999{_NUMBERS - 1 - nth:06}"
    check = 11 - sum(int(d) * w for d, w in zip(nine, range(10, 1, -1), strict=True)) % 11
    return None if check == 10 else f"{nine}{0 if check == 11 else check}"
