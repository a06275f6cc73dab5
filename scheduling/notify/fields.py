"""The only things a message may say. Whatever is not on this page does not leave the house.

No field is free text: a name typed into the wrong box has no way out.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

REFERENCE = re.compile(r"[0-9A-Z]{3}-[0-9A-Z]{2}")
# An extension or bleep, or a number with its 0 or +44: an NHS number has neither shape.
_INSIDE = r"(?:ext|bleep|pager) \d{2,6}"
_EXTENSION = re.compile(rf"{_INSIDE}|\d{{4,6}}")
_TELEPHONE = re.compile(rf"(?:0|\+44)\d{{9,10}}(?: {_INSIDE})?")
_LINK = re.compile(
    r"/(?:status/[\w-]{16,64}/|notices/ack/[\w-]{16,64}/|referrals/[0-9A-Z]{3}-[0-9A-Z]{2}/|board/"
    r"|duty/(?:start/|tests/)?|handover/|service/|notices/climbs/"
    r"|steering/|reports/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/)",
    re.ASCII,
)

# What a message is about, by code: the timed targets and the specialties of NG234 1.1.9.
WHAT = {
    "contact_now": "coordinator to take the referral",
    "advice_24h": "advice within 24 hours",
    "mri_24h": "MRI within 24 hours",
    "mri_1wk": "MRI within 1 week",
    "report_urgent": "urgent scan report",
    "stability_24h": "spinal stability advice in 24 hours",
    "rt_24h": "radiotherapy within 24 hours",
    "steering": "steering group meeting",
    "coordinator": "MSCC coordinator",
    "designated_clinician": "designated clinician",
    "senior_clinician": "senior clinician",
    "specialty_contact": "specialty contact",
    "acute_oncology": "acute oncology opinion",
    "haematology": "haematology opinion",
    "histopathology": "histopathology opinion",
    "oncology": "oncology opinion",
    "palliative_care": "palliative care opinion",
    "physiotherapy": "physiotherapy opinion",
    "radiology": "radiology opinion",
    "spinal_surgery": "spinal surgery opinion",
}


def is_reference(value: object) -> bool:
    return isinstance(value, str) and REFERENCE.fullmatch(value) is not None


def _is_what(value: object) -> bool:
    return isinstance(value, str) and value in WHAT


def _is_due(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _is_call_back(value: object) -> bool:
    if not isinstance(value, str) or not value.isascii():
        return False
    packed = re.sub(r"(?<=[\d)+]) (?=[\d(])|[()]", "", value)
    return any(shape.fullmatch(packed) for shape in (_EXTENSION, _TELEPHONE)) and len(value) <= 24


def _is_link(value: object) -> bool:
    return isinstance(value, str) and _LINK.fullmatch(value) is not None


def _is_repeat(value: object) -> bool:
    return type(value) is int and 1 <= value <= 9999


ALLOWED: Mapping[str, Callable[[object], bool]] = {
    "reference": is_reference,
    "what": _is_what,
    "due": _is_due,
    "call_back": _is_call_back,
    "link": _is_link,
    "repeat": _is_repeat,
    "count": _is_repeat,
}


def clean(raw: object) -> tuple[dict[str, str | int], list[str]]:
    """The fields that may go out, and the names of those that were refused.

    Empty ones are left out without a word. A name that is not ours is itself not repeated: it
    counts as `other`. A `due` may be given as an aware datetime.
    """
    if not isinstance(raw, Mapping):
        return {}, ["fields"]
    kept: dict[str, str | int] = {}
    refused: list[str] = []
    for name, given in raw.items():
        value = given.isoformat() if isinstance(given, datetime) else given
        if value is None or value == "":
            continue
        if name in ALLOWED and ALLOWED[name](value):
            kept[name] = value
        else:
            refused.append(name if name in ALLOWED else "other")
    return kept, refused
