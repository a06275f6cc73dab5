"""The scan: booked, performed, reported (1.5.1 to 1.5.7)."""

from typing import Any

from django import forms

from mscc.people.models import Organisation
from referrals.clinical.milestones import Fact, MilestoneKind, Suspicion
from referrals.clinical.presentation import Answer
from referrals.clinical.scanning import Modality, Scan, stops_mri_clock
from referrals.domain.imaging import MriBooking, ScanPerformed, ScanReport
from referrals.domain.refusals import Refused
from referrals.forms.fields import NotesField, RadioField, TextField, WhenField
from referrals.forms.steps import StepForm
from referrals.models import MriScan

REASONS = {
    "late_reason": "Why must it be past the target?",
    "transfer_reason": "Why can the MRI not be done locally?",
    "overnight_reason": "Which treatment would start at once?",
}


def _reason(label: str) -> NotesField:
    field = NotesField(label=label, rows=2, max_length=300, required=False)
    field.widget = forms.HiddenInput()
    return field


class BookMriForm(StepForm):
    """A slot and where. A reason is asked for as soon as the slot turns out to need one."""

    slot_at = WhenField(label="When is the slot?", now=False, future=True)
    hospital_id = forms.ChoiceField(
        label="Where?",
        choices=[],
        error_messages={"required": "Choose the hospital where the scan will be."},
    )
    late_reason = _reason(REASONS["late_reason"])
    transfer_reason = _reason(REASONS["transfer_reason"])
    overnight_reason = _reason(REASONS["overnight_reason"])

    def __init__(self, *args: Any, hospitals: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hospital_id"].choices = [(str(h.pk), h.name) for h in hospitals]
        for name in REASONS:
            if self.data.get(self.add_prefix(name)):
                self._ask(name)

    def details(self) -> MriBooking:
        reasons = {name: self.cleaned_data[name] for name in REASONS}
        return MriBooking(
            self.cleaned_data["slot_at"], int(self.cleaned_data["hospital_id"]), **reasons
        )

    def refuse(self, refusal: Refused, version: int | None = None) -> None:
        super().refuse(refusal, version)
        for name in REASONS:
            if name in self.errors:
                self._ask(name)

    def _ask(self, name: str) -> None:
        self.show(name, forms.Textarea(attrs={"rows": 2}))


class ScanForm(StepForm):
    modality = RadioField(
        label="Which scan was it?",
        choices=MriScan.Modality.choices,
        hints={"ct": "Only when MRI is contraindicated (1.5.7)"},
    )
    contraindication = NotesField(
        label="Why is MRI contraindicated?", rows=2, max_length=300, required=False
    )
    whole_spine = RadioField(
        label="Did it show the whole spine?",
        choices=[("yes", "Yes"), ("no", "No, only part of it")],
        hints={"no": "The target for the MRI then goes on running (1.5.5)."},
    )
    performed_at = WhenField(label="When was it performed?", what="The time of the scan")
    reveals = {"contraindication": ("modality", "ct")}

    def details(self) -> ScanPerformed:
        return ScanPerformed(
            performed_at=self.cleaned_data["performed_at"],
            modality=self.cleaned_data["modality"],
            whole_spine=self.cleaned_data["whole_spine"] == "yes",
            contraindication=self.cleaned_data["contraindication"] or "",
            confirmed=self.cleaned_data["confirmed"],
        )

    def late_facts(self) -> list[Fact]:
        at, scan = self.earlier("performed_at"), self.details()
        if at is None:
            return []
        whole = Answer.YES if scan.whole_spine else Answer.NO
        judged = stops_mri_clock(Scan(Modality(scan.modality), whole, scan.contraindication))
        return [self.fact(judged.kind or MilestoneKind.MRI_INCOMPLETE, at)]


class ReportForm(StepForm):
    """`scanned_at` is when the scan was; a report of compression counts as suspected from then."""

    outcome = RadioField(label="What does the report say?", choices=MriScan.Outcome.choices)
    report = NotesField(label="Report", rows=6, required=False)
    reported_by = TextField(label="Who reported it?", width=20, max_length=120, required=False)
    reported_at = WhenField(label="When was it reported?", what="The time of the report")

    def __init__(self, *args: Any, scan: MriScan | None, suspicion: str, **kwargs: Any) -> None:
        self.scan, self.suspicion = scan, suspicion
        super().__init__(*args, **kwargs)

    def details(self) -> ScanReport:
        return ScanReport(
            reported_at=self.cleaned_data["reported_at"],
            outcome=self.cleaned_data["outcome"],
            reported_by=self.cleaned_data["reported_by"],
            report=self.cleaned_data["report"],
            confirmed=self.cleaned_data["confirmed"],
        )

    def late_facts(self) -> list[Fact]:
        at = self.earlier("reported_at")
        if at is None:
            return []
        facts = [self.fact(MilestoneKind.SCAN_REPORTED, at)]
        found = self.cleaned_data["outcome"] == MriScan.Outcome.MSCC
        if found and self.suspicion != Suspicion.MSCC and self.scan and self.scan.performed_at:
            facts.append(self.fact(MilestoneKind.MSCC_SUSPECTED, self.scan.performed_at))
        return facts
