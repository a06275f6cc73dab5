"""The ways out and the way back: discharge, redirect, withdraw, reopen."""

from typing import Any

from mscc.events import Command
from referrals.domain import closing, discharge
from referrals.forms.closing import DischargeForm, RedirectForm, ReopenForm, WithdrawForm
from referrals.models import Discharge, Referral
from referrals.views import leaving
from referrals.views.command import CommandView


class DischargePerson(CommandView):
    """Shows what is still open, before anything is saved."""

    name = "discharge"
    form_class = DischargeForm
    submit = "Discharge"
    template = "referrals/discharge.html"
    irreversible = True

    def initial(self) -> dict[str, Any]:
        """What is planned and on record already; whoever discharges looks it through."""
        return leaving.initial(leaving.as_planned(self.story, self.at))

    def more(self, form: DischargeForm) -> dict[str, Any]:
        told = form.is_bound and {"destination", "discharged_at"} <= form.cleaned_data.keys()
        said = (
            form.details()
            if told and not form.errors.keys() - {"open_items_reason", "lead_name"}
            else leaving.as_planned(self.story, self.at)
        )
        items = discharge.still_open(self.referral, said)
        return {"still_open": [item for item in items if not item.required]}

    def carry_out(self, form: DischargeForm, command: Command) -> Referral:
        return discharge.discharge(self.which(), form.details(), command=command)

    def said(self, form: DischargeForm) -> str:
        where = Discharge.Destination(form.cleaned_data["destination"]).label
        return f"Discharged: {where.lower()}. The letter to primary care is ready."


class Redirect(CommandView):
    name = "redirect"
    form_class = RedirectForm
    submit = "Redirect"
    irreversible = True

    def carry_out(self, form: RedirectForm, command: Command) -> Referral:
        return closing.redirect(self.which(), form.details(), command=command)

    def said(self, form: RedirectForm) -> str:
        return f"Redirected: {form.cleaned_data['to']}."


class Withdraw(CommandView):
    name = "withdraw"
    form_class = WithdrawForm
    submit = "Withdraw"
    irreversible = True

    def carry_out(self, form: WithdrawForm, command: Command) -> Referral:
        return closing.withdraw(self.which(), form.details(), command=command)

    def said(self, form: WithdrawForm) -> str:
        return "The referral is withdrawn. Nothing was deleted."


class Reopen(CommandView):
    name = "reopen"
    form_class = ReopenForm
    submit = "Take up again"

    def carry_out(self, form: ReopenForm, command: Command) -> Referral:
        return closing.reopen(self.which(), form.details(), command=command)

    def said(self, form: ReopenForm) -> str:
        return "The referral is open again, where its facts put it."
