"""The scan: booked, performed, reported (1.5.1 to 1.5.7)."""

from typing import Any

from mscc.events import Command
from mscc.web.filters import local
from referrals.domain import imaging
from referrals.domain.queries.person import hospitals_around
from referrals.domain.refusals import Conflict
from referrals.forms.imaging import BookMriForm, ReportForm, ScanForm
from referrals.models import Referral
from referrals.views.command import CommandView


class BookMri(CommandView):
    name = "book-mri"
    form_class = BookMriForm
    submit = "Book"
    template = "referrals/book_mri.html"

    def initial(self) -> dict[str, Any]:
        return {"hospital_id": str(self.referral.hospital_id)}

    def form_kwargs(self) -> dict[str, Any]:
        return {"hospitals": hospitals_around(self.referral)}

    def more(self, form: BookMriForm) -> dict[str, Any]:
        return {
            "due_at": imaging.mri_due_at(self.referral),
            "booked": self.story.scan_booked,
            "rules_out": _contraindication(self),
        }

    def carry_out(self, form: BookMriForm, command: Command) -> Referral:
        return imaging.book_mri(self.which(), form.details(), command=command)

    def said(self, form: BookMriForm) -> str:
        places = dict(form.fields["hospital_id"].choices)
        where = places[form.cleaned_data["hospital_id"]]
        slot = local(form.cleaned_data["slot_at"])
        due = imaging.mri_due_at(self.referral)
        late = due is not None and form.cleaned_data["slot_at"] > due
        return f"MRI booked for {slot} at {where}." + (" This is past the target." if late else "")


class RecordScan(CommandView):
    name = "scan"
    form_class = ScanForm

    def initial(self) -> dict[str, Any]:
        reason = _contraindication(self)
        return {"modality": "ct" if reason else "mri", "contraindication": reason}

    def carry_out(self, form: ScanForm, command: Command) -> Referral:
        return imaging.record_scan(self.which(), form.details(), command=command)

    def said(self, form: ScanForm) -> str:
        what = form.cleaned_data["modality"].upper()
        when = local(form.cleaned_data["performed_at"])
        if form.cleaned_data["whole_spine"] == "yes":
            return f"{what} of the whole spine recorded, performed {when}."
        return f"{what} of part of the spine recorded, performed {when}. The target still runs."


class RecordReport(CommandView):
    name = "report"
    form_class = ReportForm

    def form_kwargs(self) -> dict[str, Any]:
        return {"scan": self.story.scan_done, "suspicion": self.referral.suspicion}

    def refusal(self) -> Conflict | None:
        if self.story.scan_done is None:
            return Conflict("Record the scan first: none has been performed yet.")
        return super().refusal()

    def carry_out(self, form: ReportForm, command: Command) -> Referral:
        return imaging.record_report(self.which(), form.details(), command=command)

    def said(self, form: ReportForm) -> str:
        outcome = dict(form.fields["outcome"].choices)[form.cleaned_data["outcome"]]
        return f"Report recorded: {outcome.lower()}."


def _contraindication(view: CommandView) -> str:
    """Why MRI is ruled out, as far as it is on record; empty when nothing is."""
    facts = view.story.facts
    if facts.get("mri_safety.contraindicated") != "yes":
        return ""
    return str(facts.get("mri_safety.contraindication") or "Contraindicated; see MRI safety.")
