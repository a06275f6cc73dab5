"""What was written on paper while the system was down, as one sheet a person."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from referrals.clinical.milestones import MilestoneKind as Kind
from referrals.domain.afterwards import Outage, Sheet
from referrals.domain.imaging import ScanPerformed, ScanReport
from referrals.domain.intake import Intake
from referrals.domain.milestones import Happening
from referrals.domain.treatment import Decision
from referrals.domain.triage import AdviceDetails
from referrals.forms.base import CommandForm, Form
from referrals.forms.fields import NotesField, RadioField, TextField, WhenField
from referrals.forms.intake_telephone import TelephoneForm
from referrals.forms.triage import LABELS
from referrals.models import MriScan, TreatmentDecision

_SCANS = [
    ("mri", "MRI of the whole spine"),
    ("part", "MRI of part of the spine"),
    ("ct", "CT of the whole spine, because MRI is contraindicated"),
]
# A time of the sheet, and what must be said with it.
_WITH = {
    "given_at": ("given_to", "about", "advice"),
    "performed_at": ("what",),
    "reported_at": ("outcome",),
    "decided_at": ("plan", "decided_by", "rationale"),
}


def _when(label: str) -> WhenField:
    return WhenField(label=label, now=False, required=False, what="This time")


class OutageForm(Form):
    """From when until when the system was down."""

    since = WhenField(label="The system was down from", now=False, what="This time")
    until = WhenField(label="Until", now=False, what="This time")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        since, until = said.get("since"), said.get("until")
        if since and until and until <= since:
            self.add_error("until", "The system came back after it went down. Check the times.")
        return said

    def outage(self) -> Outage:
        """What was entered."""
        return Outage(self.cleaned_data["since"], self.cleaned_data["until"])


class SheetFields(CommandForm):
    """Everything on paper that moves a clock; what did not happen stays empty."""

    immobilised_at = _when("Immobilisation started")
    sought_at = _when("Expert advice on spinal stability sought")
    given_at = _when("Advice given")
    given_to = TextField(label="Advice given to", width=20, max_length=120, required=False)
    about = RadioField(label="Advice about", choices=list(LABELS.items()), required=False)
    advice = NotesField(label="What was advised", rows=2, required=False)
    performed_at = _when("Scan performed")
    what = RadioField(label="What was scanned", choices=_SCANS, required=False)
    contraindication = TextField(
        label="If CT: what contraindicates MRI?", max_length=200, required=False
    )
    reported_at = _when("Scan reported")
    outcome = RadioField(
        label="What the report says", choices=MriScan.Outcome.choices, required=False
    )
    decided_at = _when("Decision to treat")
    plan = RadioField(label="Plan", choices=TreatmentDecision.Plan.choices, required=False)
    decided_by = TextField(label="Who decided", width=20, max_length=120, required=False)
    rationale = NotesField(label="Reasons", rows=2, required=False)
    radiotherapy_at = _when("Radiotherapy started")
    surgery_at = _when("Surgery performed")
    ended_at = _when("Immobilisation ended")

    SHEET = [
        ("Before the scan", ["immobilised_at", "sought_at"]),
        ("Advice", ["given_at", "given_to", "about", "advice"]),
        ("Scan and report", ["performed_at", "what", "contraindication", "reported_at", "outcome"]),
        ("Decision", ["decided_at", "plan", "decided_by", "rationale"]),
        ("Treatment", ["radiotherapy_at", "surgery_at", "ended_at"]),
    ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for when, names in _WITH.items():
            given = [name for name in names if said.get(name)]
            if said.get(when):
                for name in names:
                    if name not in given and name not in self.errors:
                        self.add_error(name, ValidationError("Say this, too, or leave the time."))
            elif given and when not in self.errors:
                self.add_error(when, ValidationError("Say when, or leave the rest empty."))
        return said

    def sheet(self) -> Sheet:
        """What the domain takes."""
        said = self.cleaned_data
        return Sheet(
            taken_at=said.get("taken_at"),
            before=self._happened(
                (Kind.IMMOBILISATION_STARTED, "immobilised_at"),
                (Kind.STABILITY_ADVICE_SOUGHT, "sought_at"),
            ),
            advice=self._advice(),
            scan=self._scan(),
            report=self._report(),
            decision=self._decision(),
            after=self._happened(
                (Kind.RADIOTHERAPY_STARTED, "radiotherapy_at"),
                (Kind.SURGERY_PERFORMED, "surgery_at"),
                (Kind.IMMOBILISATION_ENDED, "ended_at"),
            ),
        )

    def _happened(self, *asked: tuple[Kind, str]) -> tuple[Happening, ...]:
        said, sure = self.cleaned_data, self.cleaned_data["confirmed"]
        return tuple(
            Happening(kind, said[name], confirmed=sure) for kind, name in asked if said.get(name)
        )

    def _advice(self) -> AdviceDetails | None:
        said = self.cleaned_data
        if not said["given_at"]:
            return None
        topic = {said["about"]: said["advice"]}
        return AdviceDetails(
            given_to=said["given_to"], how="phone", given_at=said["given_at"], **topic
        )

    def _scan(self) -> ScanPerformed | None:
        said = self.cleaned_data
        if not said["performed_at"]:
            return None
        return ScanPerformed(
            said["performed_at"],
            modality=MriScan.Modality.CT if said["what"] == "ct" else MriScan.Modality.MRI,
            whole_spine=said["what"] != "part",
            contraindication=said["contraindication"],
            confirmed=said["confirmed"],
        )

    def _report(self) -> ScanReport | None:
        said = self.cleaned_data
        if not said["reported_at"]:
            return None
        return ScanReport(said["reported_at"], said["outcome"], confirmed=said["confirmed"])

    def _decision(self) -> Decision | None:
        said = self.cleaned_data
        if not said.get("decided_at"):
            return None
        return Decision(
            said["plan"],
            said["decided_by"],
            said["decided_at"],
            rationale=said["rationale"],
            confirmed=said["confirmed"],
        )


class PaperSheetForm(SheetFields):
    """A sheet about somebody who has an open referral here."""

    taken_at = _when("Taken by a coordinator")
    sections = [("", ["taken_at"]), *SheetFields.SHEET]

    def __init__(self, *args: Any, taken: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if taken:
            del self.fields["taken_at"]
            self.sections = SheetFields.SHEET


class PaperReferralForm(SheetFields, TelephoneForm):
    """A call that was taken on paper, and what has happened since; decisions need a triage."""

    received_at = WhenField(
        label="When did the call come in?", now=False, what="The time of the call"
    )
    sections = [
        ("The call", ["received_at"]),
        *TelephoneForm.sections,
        *SheetFields.SHEET[:3],
    ]

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, at=at, **kwargs)
        for _, names in SheetFields.SHEET[3:]:
            for name in names:
                del self.fields[name]

    def intake(self) -> Intake:
        """As by telephone, at the time of the call."""
        said = super().intake()
        return Intake(**{**vars(said), "received_at": self.cleaned_data["received_at"]})
