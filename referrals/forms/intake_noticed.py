"""Cancer, and every item of NG234's box 1 as it is asked at a bedside (1.3.1)."""

from typing import Any

from referrals.clinical.presentation import (
    CANCER_QUESTION,
    CORD_ITEMS,
    ITEMS,
    PAIN_ITEMS,
    CancerStatus,
    Group,
    Item,
    Presentation,
)
from referrals.forms.base import Form
from referrals.forms.fields import (
    NotesField,
    RadioField,
    TextField,
    ThreeWayField,
    WhenField,
)

CANCER_CHOICES = [
    (CancerStatus.PAST_OR_CURRENT.value, "Yes, now or in the past"),
    (CancerStatus.SUSPECTED.value, "Not diagnosed, but suspected"),
    (CancerStatus.NONE.value, "No"),
    (CancerStatus.NOT_KNOWN.value, "Not known"),
]


def cancer_field(**kwargs: Any) -> RadioField:
    """The question on which NG234's rules turn.

    With a cord sign every answer to it makes an emergency of the form: without a diagnosis, too,
    this service treats cord signs as suspected MSCC (see clinical/triage.py).
    """
    return RadioField(
        label=CANCER_QUESTION,
        choices=CANCER_CHOICES,
        cancer=[status.value for status in CancerStatus],
        error_messages={"required": "Say whether the person has or had cancer."},
        **kwargs,
    )


def finding_field(item: Item, *, required: bool, onset: str = "When did it begin?") -> Any:
    """One item of box 1, three-way, with its onset under a yes."""
    return ThreeWayField(
        label=item.question,
        help_text=item.hint,
        onset=onset,
        cord_sign=item.group is Group.CORD,
        required=required,
    )


# Cord signs have to be answered, if only with "not known": silence could be taken for a no.
_FINDINGS = {item.id: finding_field(item, required=item.group is Group.CORD) for item in ITEMS}
Findings: type[Form] = type("Findings", (Form,), {**_FINDINGS, "__module__": __name__})


class NoticedForm(Findings):  # type: ignore[valid-type,misc]
    cancer = cancer_field()
    primary_site = TextField(
        label="Where did the cancer start?",
        help_text="For example breast, lung, prostate, or not known",
        max_length=120,
        required=False,
    )
    haematological = ThreeWayField(
        label="Is it, or may it be, lymphoma or myeloma?",
        help_text="It changes the advice on steroids.",
        required=False,
    )
    spinal_metastases_known = ThreeWayField(
        label="Are metastases in the spine already known?", required=False
    )
    narrative = NotesField(
        label="What happened, in your words", rows=4, max_length=10_000, required=False
    )
    suspected_at = WhenField(
        label="When was this first suspected?",
        help_text="The time for the MRI counts from then, not from when you send this.",
        what="The time it was suspected",
        error_messages={"required": "Say when this was first suspected."},
    )
    sections = [
        ("", ["cancer"]),
        ("Signs that the spinal cord may be pressed on", [item.id for item in CORD_ITEMS]),
        ("Pain", [item.id for item in PAIN_ITEMS]),
        ("About the cancer", ["primary_site", "haematological", "spinal_metastases_known"]),
        ("How it came about", ["narrative", "suspected_at"]),
    ]


def presentation_of(cleaned: dict[str, Any]) -> Presentation:
    """What was answered as facts; an item whose answer could not be read is left out."""
    findings = {item.id: cleaned[item.id] for item in ITEMS if cleaned.get(item.id)}
    cancer = cleaned.get("cancer") or CancerStatus.NOT_KNOWN.value
    return Presentation.from_dict({"cancer": cancer, "findings": findings})
