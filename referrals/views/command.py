"""One command, one page: a form that is shown, checked, previewed when late, and carried out.

200 shows it, 302 is done, 409 and 422 show it again with the sentence and every word kept.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.generic import View

from mscc import clock
from mscc.events import Command
from mscc.web import panels
from referrals.domain.milestones import RETRACTABLE
from referrals.domain.queries.answered import answered_at
from referrals.domain.queries.person import Story, last_recorded, story
from referrals.domain.refusals import Conflict
from referrals.forms.steps import StepForm
from referrals.models import Referral
from referrals.views.actions import ACTIONS, Action
from referrals.views.base import (
    attempt,
    command_for,
    record_read,
    visible,
    visible_referral,
)


class CommandView(View):
    """A subclass names its action and form, and says what the domain is to do."""

    name: ClassVar[str]
    form_class: ClassVar[type[StepForm]]
    heading: ClassVar[str] = ""
    submit: ClassVar[str] = "Save"
    template: ClassVar[str] = "referrals/command.html"
    irreversible: ClassVar[bool] = False
    # What to say when nobody could be told who should have been.
    untold: ClassVar[str] = ""
    http_method_names = ["get", "post", "head"]

    referral: Referral
    at: datetime

    @property
    def action(self) -> Action:
        return ACTIONS[self.name]

    @cached_property
    def story(self) -> Story:
        """Everything on record, for the commands that need to know."""
        return story(self.referral)

    # What a subclass says.

    def carry_out(self, form: Any, command: Command) -> Referral:
        """Call the domain with what the form holds."""
        raise NotImplementedError

    def said(self, form: Any) -> str:
        """What was recorded, for the message after it."""
        raise NotImplementedError

    def initial(self) -> dict[str, Any]:
        """What the form holds when it is opened."""
        return {}

    def form_kwargs(self) -> dict[str, Any]:
        """What this form wants to know besides."""
        return {}

    def more(self, form: Any) -> dict[str, Any]:
        """What the page shows besides the form."""
        return {}

    def refusal(self) -> Conflict | None:
        """Why the command cannot be carried out now; None when it can."""
        return self.action.refusal(self.referral)

    def allowed(self) -> bool:
        """Whether this person may do it."""
        return self.action.allowed(self.request.user, self.referral)

    def on_behalf_of(self, form: Any) -> str:
        """For whom it is typed, when that is somebody else."""
        return ""

    def preview(self, form: Any) -> list[str]:
        """How the clocks would be judged by what is told late; empty when it moves none."""
        facts = form.late_facts()
        if not facts or form.was_seen(facts):
            return []
        form.mark_seen(facts)
        return panels.ask("preview", referral_id=self.referral.pk, facts=facts, at=self.at)

    # What every command does.

    def dispatch(self, request: HttpRequest, reference: str, **kwargs: Any) -> HttpResponse:
        self.at = clock.now()
        self.referral = visible_referral(request, reference)
        if not self.allowed():
            raise PermissionDenied
        return super().dispatch(request, reference=reference, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        record_read(request, self.referral, "screen")
        if refusal := self.refusal():
            return self._page(None, status=409, refusal=refusal)
        return self._page(self._form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        if (refusal := self.refusal()) and self._is_news(form):
            form.refuse(refusal)
            return self._page(form, status=refusal.status)
        if lines := self.preview(form):
            return self._page(form, lines=lines)
        before = panels.ask("judged", referral_id=self.referral.pk)
        done = attempt(
            request,
            form,
            lambda each: self.carry_out(each, self._command(each)),
            again=lambda at: self._form(request.POST, at),
        )
        if done is None:
            return self._page(form, status=form.status)
        if not done.repeated:
            self._say(form, before)
        return redirect(self.after())

    def _is_news(self, form: StepForm) -> bool:
        """Whether a refusal is all there is to say: not sent twice, and not from an old page."""
        version, key = form.cleaned_data["version"], str(form.cleaned_data["key"])
        from_now = version in (None, self.referral.version)
        return from_now and answered_at(self.request.user.pk, key) is None

    def after(self) -> str:
        """Where to go on."""
        return reverse("referral", args=[self.referral.reference])

    def which(self) -> Any:
        """The referral as the domain is given it: only if this person may see it."""
        return visible(self.request, self.referral.reference)

    def _command(self, form: Any) -> Command:
        return command_for(self.request, form, on_behalf_of=self.on_behalf_of(form))

    def _form(self, data: Mapping[str, Any] | None = None, at: datetime | None = None) -> StepForm:
        return self.form_class(
            data,
            at=at or self.at,
            version=self.referral.version,
            initial=self.initial(),
            **self.form_kwargs(),
        )

    def _say(self, form: Any, before: Any) -> None:
        """Say what was recorded, which clock it moved, who is told, and how to undo it."""
        about = {"referral_id": self.referral.pk, "at": form.at}
        told = panels.ask("told", **about)
        lines = [
            self.said(form),
            *panels.ask("moved", before=before, **about),
            f"Being told: {', '.join(told)}." if told else self.untold,
        ]
        fact = last_recorded(self.referral, form.at, RETRACTABLE)
        undo = reverse("referral-correct", args=[self.referral.reference, fact]) if fact else ""
        messages.success(self.request, "\n".join(filter(None, lines)), extra_tags=undo)

    def _page(
        self,
        form: StepForm | None,
        *,
        status: int = 200,
        lines: list[str] | None = None,
        refusal: Conflict | None = None,
    ) -> HttpResponse:
        context = {
            "referral": self.referral,
            "patient": self.referral.patient,
            "form": form,
            "heading": self.heading or self.action.text,
            "submit": "Save as shown" if lines else self.submit,
            "irreversible": self.irreversible,
            "consequences": lines or [],
            "refusal": refusal,
            "back": reverse("referral", args=[self.referral.reference]),
            **(self.more(form) if form is not None else {}),
        }
        return render(self.request, self.template, context, status=status)
