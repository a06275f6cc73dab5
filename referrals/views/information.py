"""Adding key information, a note or a call to a referral (1.1.15)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from mscc.events import Command
from referrals.domain import intake
from referrals.forms.adding import AddForm
from referrals.forms.information import FORMS
from referrals.models import Referral
from referrals.views.base import may
from referrals.views.command import CommandView


class Add(CommandView):
    """One page for each section of FORMS."""

    name = "add"
    form_class: type[AddForm]
    template = "referrals/add.html"

    def dispatch(
        self, request: HttpRequest, reference: str, section: str, **kwargs: Any
    ) -> HttpResponse:
        if section not in FORMS:
            raise Http404
        self.section = section
        self.form_class = FORMS[section]
        self.heading = self.form_class.heading
        return super().dispatch(request, reference, **kwargs)

    def form_kwargs(self) -> dict[str, Any]:
        return {"story": self.story, "by": self.request.user}

    def allowed(self) -> bool:
        return super().allowed() and self._may(self.form_class)

    def _may(self, form: type[AddForm]) -> bool:
        """Whether a section is for this person; most are for everybody who adds anything."""
        return form.only_for is None or may(self.request.user, form.only_for, self.referral)

    def more(self, form: AddForm) -> dict[str, Any]:
        reference = self.referral.reference
        sections = [
            (each.heading, reverse("referral-add", args=[reference, key]), key == self.section)
            for key, each in FORMS.items()
            if self._may(each)
        ]
        return {"sections": sections, "section": self.section}

    def carry_out(self, form: AddForm, command: Command) -> Referral:
        return intake.add_information(self.which(), form.details(), command=command)

    def said(self, form: AddForm) -> str:
        return f"Added: {self.heading[0].lower()}{self.heading[1:]}."
