"""The ward's form as a whole: its pages, what all of them together say, and what is missing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.datastructures import MultiValueDict

from mscc.people.models import Organisation, User
from referrals.clinical import key_information
from referrals.clinical.key_information import Facts, MissingItem
from referrals.clinical.neurology import Contradiction, contradictions
from referrals.clinical.presentation import CORD_ITEMS, Answer, Group, Presentation
from referrals.clinical.times import long_ago, overdue_warning, said_span
from referrals.clinical.triage import TriageConclusion, conclude
from referrals.domain.intake import Intake, Person, Referrer
from referrals.forms.base import Form
from referrals.forms.intake_done import DoneForm, care_columns, safety_columns
from referrals.forms.intake_examined import (
    ExaminedForm,
    answer_of,
    neurology_columns,
    neurology_of,
    pain_columns,
)
from referrals.forms.intake_noticed import NoticedForm, presentation_of
from referrals.forms.intake_person import (
    NhsNumberForm,
    PersonForm,
    SecondReferralForm,
    interpreter_needed,
)
from referrals.forms.intake_referrer import ReferrerForm, aware

MRI_WITHIN_S = 24 * 3600
LONG_AGO = "suspected-long-ago"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the form. `asks` are the items of the minimum that only it can answer."""

    slug: str
    number: int
    words: str
    title: str
    form: type[Form]
    asks: frozenset[str] = frozenset()


PAGES: tuple[Page, ...] = (
    Page(
        "nhs-number",
        1,
        "the person",
        "What is the person's NHS number?",
        NhsNumberForm,
        frozenset({"nhs_number"}),
    ),
    Page("person", 1, "the person", "The person", PersonForm, frozenset({"name", "place"})),
    Page(
        "referrer",
        2,
        "you and your number",
        "You, and how you are called back",
        ReferrerForm,
        frozenset({"call_back"}),
    ),
    Page(
        "noticed",
        3,
        "what has been noticed",
        "What has been noticed",
        NoticedForm,
        frozenset({"cancer", *(item.id for item in CORD_ITEMS)}),
    ),
    Page(
        "examined",
        4,
        "moving, pain and neurology",
        "Moving, pain and neurology",
        ExaminedForm,
        frozenset({"mobility"}),
    ),
    Page("done", 5, "MRI and care so far", "MRI, and what has been done already", DoneForm),
)
CHECK = 6  # the number of the last page: check and send
BY_SLUG = {page.slug: page for page in PAGES}
SECOND = "second"


def page_of(item: str) -> Page | None:
    """The page on which something missing is asked."""
    return next((page for page in PAGES if item in page.asks), None) or _ELSEWHERE.get(item)


_ELSEWHERE = {
    "identity": BY_SLUG["nhs-number"],
    "date_of_birth": BY_SLUG["person"],
    "language": BY_SLUG["person"],
    "needs": BY_SLUG["person"],
    "pain": BY_SLUG["noticed"],
    "primary": BY_SLUG["noticed"],
    "haematological": BY_SLUG["noticed"],
    **dict.fromkeys(
        ("pain_severity", "power", "sensation", "perianal", "sphincters"), BY_SLUG["examined"]
    ),
    "mri_safety": BY_SLUG["done"],
    "imaging": BY_SLUG["done"],
}


@dataclass(frozen=True)
class Ward:
    """Who refers and from where: what the form offers and what it fills in."""

    user: User
    own: list[Organisation]
    hospitals: list[Organisation]

    def form(self, page: Page, data: Any, at: datetime, **kwargs: Any) -> Form:
        """The form of a page, which for the person knows the places to choose from."""
        if page.form is PersonForm:
            kwargs |= {"own": self.own, "hospitals": self.hospitals}
        return page.form(data, at=at, **kwargs)

    def filled_in(self, page: Page) -> dict[str, Any]:
        """What is known before anything was typed."""
        if page.slug == "referrer":
            phone = self.user.phone or next((p.phone for p in self.own if p.phone), "")
            return {"name": self.user.name, "role": self.user.job_title, "call_back": phone}
        if page.slug == "person":
            only = self.hospitals[0].pk if len(self.hospitals) == 1 else ""
            return {"where": str(self.own[0].pk) if self.own else "", "hospital": str(only)}
        return {}

    def unsent(self, page: Page, typed: MultiValueDict | None, at: datetime) -> Form:
        """The page to fill in: with what was typed before, and without complaining about it."""
        form = self.form(page, None, at, initial=self.filled_in(page))
        if typed is not None:
            form.initial = {
                name: field.widget.value_from_datadict(typed, MultiValueDict(), name)
                for name, field in form.fields.items()
            }
        return form


class Answers:
    """Everything typed so far, read page by page as of one moment."""

    def __init__(
        self, ward: Ward, typed: Callable[[str], MultiValueDict | None], at: datetime
    ) -> None:
        self.at = at
        self.forms: dict[str, Form] = {}
        for page in PAGES:
            data = typed(page.slug)
            if data is not None:
                self.forms[page.slug] = ward.form(page, data, at)
        second = typed(SECOND)
        self.second = SecondReferralForm(second, at=at) if second is not None else None

    def said(self, slug: str) -> dict[str, Any]:
        """What could be read of a page; fields that are wrong or were never typed are left out."""
        form = self.forms.get(slug)
        if form is None:
            return {}
        form.is_valid()
        return form.cleaned_data

    @cached_property
    def wrong(self) -> list[Page]:
        """The pages that were typed and cannot be read."""
        return [page for page in PAGES if page.slug in self.forms and not self._fine(page.slug)]

    def _fine(self, slug: str) -> bool:
        return self.forms[slug].is_valid()

    @cached_property
    def presentation(self) -> Presentation:
        return presentation_of(self.said("noticed"))

    @cached_property
    def conclusion(self) -> TriageConclusion:
        """What the answers point to so far."""
        known = Answer(answer_of(self.said("noticed"), "spinal_metastases_known"))
        return conclude(self.presentation, metastases_known=known)

    @property
    def emergency(self) -> bool:
        """A cord sign has been answered with yes: whatever is known of cancer, ring now."""
        return bool(self.presentation.answered(Group.CORD, Answer.YES))

    @property
    def second_reason(self) -> str:
        """Why there is to be a second referral; empty when nobody was asked."""
        if self.second is None or not self.second.is_valid():
            return ""
        return self.second.cleaned_data["reason"]

    @cached_property
    def place(self) -> dict[str, int | None]:
        form = self.forms.get("person")
        self.said("person")
        return form.place() if isinstance(form, PersonForm) else {}

    def sections(self) -> dict[str, dict[str, Any]]:
        """The rows of key information, without the ones nobody said anything for."""
        noticed, done = self.said("noticed"), self.said("done")
        examined = self.said("examined")
        found = {
            "cancer": _cancer_columns(noticed),
            "neurology": neurology_columns(examined),
            "pain": pain_columns(examined),
            "mri_safety": safety_columns(done),
            "care": care_columns(done),
        }
        return {name: columns for name, columns in found.items() if columns}

    def facts(self) -> Facts:
        """Everything said, as the key information knows it."""
        number, person, you = self.said("nhs-number"), self.said("person"), self.said("referrer")
        facts: dict[str, object] = {
            "person.nhs_number": number.get("nhs_number"),
            "person.nhs_number_absent_reason": number.get("absent_reason"),
            **{f"person.{name}": value for name, value in person.items()},
            "person.interpreter_needed": interpreter_needed(person.get("interpreter")),
            "referral.hospital": self.place.get("hospital_id"),
            "referral.call_back": you.get("call_back"),
        }
        if "noticed" in self.forms:
            facts |= key_information.presentation_facts(self.presentation)
            if not self.said("noticed").get("cancer"):
                facts["presentation.cancer"] = None
        for name, columns in self.sections().items():
            facts |= {f"{name}.{column}": value for column, value in columns.items()}
        return facts

    def missing(self) -> list[MissingItem]:
        """What will be chased after sending."""
        return list(key_information.missing(self.facts()))

    def missing_minimum(self) -> list[MissingItem]:
        """What still stops it from being sent."""
        return list(key_information.missing_minimum(self.facts()))

    def sendable_on(self, page: Page) -> bool:
        """Whether the minimum is there once this page is answered."""
        return all(item.id in page.asks for item in self.missing_minimum())

    def questions(self) -> list[Contradiction]:
        """What does not fit together and has to be confirmed."""
        known = Answer(answer_of(self.said("noticed"), "spinal_metastases_known"))
        neurology = neurology_of(neurology_columns(self.said("examined")))
        return [
            *contradictions(self.presentation, neurology, at=self.at, metastases_known=known),
            *self._suspected_long_ago(),
        ]

    def _suspected_long_ago(self) -> list[Contradiction]:
        since = self.said("noticed").get("suspected_at")
        if since is None or not long_ago(since, self.at):
            return []
        warning = overdue_warning(since, MRI_WITHIN_S, self.at) if self.conclusion.emergency else ""
        ago = said_span(self.at - since)
        sentence = f"You said this was first suspected {ago} ago. Check it. {warning}".strip()
        return [Contradiction(LONG_AGO, "suspected_at", sentence)]

    def intake(self, email: str, confirmed: str) -> Intake:
        """What the domain takes. `confirmed` says what the ward was asked and said is right."""
        number, person, you = self.said("nhs-number"), self.said("person"), self.said("referrer")
        noticed = self.said("noticed")
        narrative = [noticed.get("narrative") or "", confirmed]
        return Intake(
            **self.place,  # type: ignore[arg-type]
            place_note=person.get("place_note") or "",
            person=Person(
                given_name=person.get("given_name") or "",
                family_name=person["family_name"],
                date_of_birth=person.get("date_of_birth"),
                nhs_number=number.get("nhs_number") or None,
                nhs_number_absent_reason=number.get("absent_reason") or "",
                more=_person_columns(person),
            ),
            referrer=Referrer(
                name=you["name"],
                call_back=you["call_back"],
                role=you.get("role") or "",
                email=email,
                responsible_consultant=you.get("responsible_consultant") or "",
                consultant_aware=aware(you.get("consultant_aware")),
            ),
            presentation=self.presentation,
            narrative="\n\n".join(part for part in narrative if part),
            suspected_at=noticed.get("suspected_at"),
            suspected_at_confirmed=bool(confirmed),
            sections=self.sections(),
            second_referral_reason=self.second_reason,
        )


def _person_columns(person: Mapping[str, Any]) -> dict[str, Any]:
    words = ("allergies", "language", "communication_needs")
    return {
        **{name: person.get(name) or "" for name in words},
        "sex": person.get("sex") or "not_known",
        "interpreter_needed": interpreter_needed(person.get("interpreter")),
    }


def _cancer_columns(noticed: Mapping[str, Any]) -> dict[str, Any]:
    said = dict(noticed)
    columns = {
        "primary_site": said.get("primary_site") or "",
        "haematological": answer_of(said, "haematological"),
        "spinal_metastases_known": answer_of(said, "spinal_metastases_known"),
    }
    unknown = {"primary_site": "", "haematological": "not_known"}
    return {} if columns == {**unknown, "spinal_metastases_known": "not_known"} else columns
