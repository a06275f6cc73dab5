"""Judging what is suspected, and giving the first advice (1.1.15, 1.1.16)."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from referrals.clinical import library
from referrals.clinical.advice import Advice as Proposal
from referrals.clinical.milestones import Fact, MilestoneKind, Suspicion
from referrals.domain.triage import AdviceDetails, Triage
from referrals.forms.fields import NotesField, RadioField, TextField, WhenField
from referrals.forms.steps import StepForm
from referrals.models import Advice
from referrals.models.referral import SUSPICIONS

LABELS = {
    "immobilisation": "Immobilisation and handling",
    "dexamethasone": "Dexamethasone",
    "stability": "Imaging and spinal stability",
    "pain": "Pain",
    "transfer": "Referral and transfer",
}
TOPICS = tuple(LABELS)
_SUSPECTED = {
    Suspicion.MSCC: MilestoneKind.MSCC_SUSPECTED,
    Suspicion.SPINAL_METASTASES: MilestoneKind.METASTASES_SUSPECTED,
}


class TriageForm(StepForm):
    """`before` is what is suspected now; a change has a reason and may have arisen earlier."""

    suspicion = RadioField(label="What do you suspect?", choices=SUSPICIONS)
    reason = NotesField(
        label="Reason, if it differs from what was suspected before",
        rows=3,
        max_length=300,
        required=False,
    )
    suspected_at = WhenField(
        label="If it differs: when did this suspicion arise?",
        help_text="The time for the MRI counts from then.",
        what="The time it was suspected",
        required=False,
    )

    def __init__(self, *args: Any, before: str, **kwargs: Any) -> None:
        self.before = before
        super().__init__(*args, **kwargs)

    def details(self) -> Triage:
        return Triage(
            Suspicion(self.cleaned_data["suspicion"]),
            self.cleaned_data["reason"],
            self.earlier("suspected_at"),
        )

    def late_facts(self) -> list[Fact]:
        judged, arose = self.details().suspicion, self.earlier("suspected_at")
        kind = _SUSPECTED.get(judged)
        if arose is None or kind is None or judged == self.before:
            return []
        if judged is Suspicion.SPINAL_METASTASES:
            return [self.fact(kind, self.at, since=arose.isoformat())]
        return [self.fact(kind, arose)]


class AdviceForm(StepForm):
    """The five topics with what applies to these facts, to be edited and then given."""

    given_by = TextField(
        label="Who gave the advice, if it was not you?", width=20, max_length=120, required=False
    )
    given_to = TextField(label="Whom did you advise?", width=20, max_length=120)
    how = RadioField(label="How?", choices=Advice.How.choices, inline=True)
    read_back = forms.BooleanField(
        label="They read it back to me", required=False, help_text="On the telephone, always ask."
    )
    given_at = WhenField(label="When?", what="The time of the advice", required=False)
    sections = [
        ("Advice", list(TOPICS)),
        ("To whom", ["given_to", "how", "read_back", "given_at", "given_by"]),
    ]

    def __init__(
        self, *args: Any, proposals: dict[str, list[Proposal]] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for topic in TOPICS:
            proposed = (proposals or {}).get(topic, [])
            self.fields[topic] = NotesField(
                label=LABELS[topic],
                help_text=_why(proposed),
                rows=max(2, sum(1 + len(each.text) // 45 for each in proposed)),
                required=False,
            )
            self.initial.setdefault(topic, "\n".join(each.text for each in proposed))

    def details(self) -> AdviceDetails:
        said = {topic: self.cleaned_data[topic] for topic in TOPICS}
        return AdviceDetails(
            given_to=self.cleaned_data["given_to"],
            how=self.cleaned_data["how"],
            read_back=self.cleaned_data["read_back"],
            given_at=self.earlier("given_at"),
            **said,
        )

    def late_facts(self) -> list[Fact]:
        at = self.earlier("given_at")
        return [self.fact(MilestoneKind.ADVICE_GIVEN, at)] if at else []


def _why(proposed: list[Proposal]) -> SafeString:
    """Which recommendation each proposal comes from, why it applies, and what to ask besides."""
    return format_html_join(
        SafeString("<br>"),
        "{} ({}): {}{}",
        (
            (
                each.strength.label,
                _sources(each.numbers),
                each.why,
                f" Ask: {' '.join(each.ask)}" if each.ask else "",
            )
            for each in proposed
        ),
    )


def _sources(numbers: tuple[str, ...]) -> SafeString:
    """Each source as a link to its place in the library; "NG234" is said once to the eye."""
    page = reverse("guideline")
    found = [library.said(number) for number in numbers]
    begin = "NG234 " if found and found[0].is_number else ""
    links = (
        (page, each.anchor, f"NG234 {each.text}" if each.is_number else each.text, each.text)
        for each in found
    )
    joined = format_html_join(", ", '<a href="{}#{}" aria-label="{}">{}</a>', links)
    return format_html("{}{}", begin, joined)
