"""Taking a referral, judging what is suspected, advising (1.1.15, 1.1.16, 1.3.2)."""

from typing import Any

from mscc.events import Command
from referrals.clinical.advice import Advice, advice_for
from referrals.clinical.milestones import Suspicion
from referrals.domain import intake, triage
from referrals.domain.queries.facts import facts_of
from referrals.domain.refusals import Conflict
from referrals.forms.steps import TakeForm
from referrals.forms.triage import TOPICS, AdviceForm, TriageForm
from referrals.models import Referral
from referrals.models.referral import SUSPICIONS
from referrals.views.command import CommandView

_WORDS = dict(SUSPICIONS)


def _said(form: TriageForm) -> str:
    words = _WORDS[form.cleaned_data["suspicion"]]
    return f"{words[0].lower()}{words[1:]}"


class Take(CommandView):
    name = "take"
    form_class = TakeForm
    submit = "Take this referral"
    template = "referrals/take.html"

    def refusal(self) -> Conflict | None:
        mine = self.referral.taken_by_id == self.request.user.pk
        if mine and self.referral.unread_since is None:
            return Conflict("You have this referral already.")
        return super().refusal()

    def carry_out(self, form: TakeForm, command: Command) -> Referral:
        return intake.take(self.which(), command=command)

    def said(self, form: TakeForm) -> str:
        return "You have this referral."


class Triage(CommandView):
    name = "triage"
    form_class = TriageForm
    submit = "Save triage"
    template = "referrals/triage.html"

    def initial(self) -> dict[str, Any]:
        return {"suspicion": self.referral.suspicion}

    def form_kwargs(self) -> dict[str, Any]:
        return {"before": self.referral.suspicion}

    def carry_out(self, form: TriageForm, command: Command) -> Referral:
        return triage.triage(self.which(), form.details(), command=command)

    def said(self, form: TriageForm) -> str:
        return f"Triaged: {_said(form)}."

    def more(self, form: TriageForm) -> dict[str, Any]:
        provisional = self.referral.provisional
        return {
            "provisional": provisional,
            "provisional_words": _WORDS.get(provisional.get("suspicion", ""), ""),
            "now_words": _WORDS[self.referral.suspicion],
        }


class Reassess(Triage):
    name = "reassess"
    submit = "Save"

    def initial(self) -> dict[str, Any]:
        return {}

    def carry_out(self, form: TriageForm, command: Command) -> Referral:
        return triage.reassess(self.which(), form.details(), command=command)

    def said(self, form: TriageForm) -> str:
        return f"Changed: {_said(form)}."


class Advise(CommandView):
    name = "advise"
    form_class = AdviceForm
    submit = "Record the advice as given"
    template = "referrals/advise.html"

    def initial(self) -> dict[str, Any]:
        # How is not chosen beforehand: one press must not record a call that nobody made.
        return {"given_to": self.referral.referrer_name}

    def form_kwargs(self) -> dict[str, Any]:
        proposals: dict[str, list[Advice]] = {topic: [] for topic in TOPICS}
        for each in advice_for(facts_of(self.story, self.at)):
            if each.topic in proposals:
                proposals[each.topic].append(each)
        return {"proposals": proposals}

    def more(self, form: AdviceForm) -> dict[str, Any]:
        return {"none_applies": self.referral.suspicion == Suspicion.NONE}

    def on_behalf_of(self, form: AdviceForm) -> str:
        named: str = form.cleaned_data["given_by"]
        return "" if named == self.request.user.name else named

    def carry_out(self, form: AdviceForm, command: Command) -> Referral:
        return triage.give_advice(self.which(), form.details(), command=command)

    def said(self, form: AdviceForm) -> str:
        return f"Advice to {form.cleaned_data['given_to']} recorded; the ward can read it now."
