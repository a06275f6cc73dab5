"""Forms of the steering group and its reports."""

from collections.abc import Iterable
from typing import Any

from django import forms

from audit.measures.period import Period
from audit.models import Attendance, Meeting, Member, Report, Voice
from mscc.people.models import User
from mscc.people.places import OrganisationRef
from mscc.web.filters import local
from referrals.forms.base import Form
from referrals.forms.fields import CheckField, DateField, NotesField, TextField, WhenField

_NO_NAMES = "No name of a patient, and nothing that would tell one."


def _choose(label: str, choices: Iterable[tuple[object, str]], **more: Any) -> Any:
    """A list to choose one from; nothing is chosen beforehand."""
    listed = [("", "Choose"), *((str(key), text) for key, text in choices)]
    errors = {"required": "Choose one.", "invalid_choice": "Choose one."}
    return forms.ChoiceField(label=label, choices=listed, error_messages=errors, **more)


class GroupForm(Form):
    """The group begins."""

    formed_on = DateField(
        label="Formed on", help_text="The clock of the first meeting runs from this day."
    )
    next_report_on = DateField(
        label="First report prepared on",
        help_text="It is about the six whole months before, and so are the next, every six months.",
    )


class ReportDayForm(Form):
    next_report_on = DateField(label="Next report prepared on")


class MemberForm(Form):
    """Somebody joins."""

    name = TextField(label="Name", max_length=120)
    voices = CheckField(label="Whom they speak for", choices=Voice.choices)
    of = TextField(
        label="Of which place or tumour group",
        max_length=160,
        required=False,
        help_text="For example: Hospital A, physiotherapy; or the breast cancer group.",
    )
    email = forms.EmailField(
        label="Address they sign in with here",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        required=False,
        help_text="Leave empty for somebody without an account: they are given reports by hand.",
    )
    chairs = forms.BooleanField(label="Chairs the group", required=False)
    joined_on = DateField(label="Joined on")


class LeaveForm(Form):
    left_on = DateField(label="Left on")


class MeetingForm(Form):
    """When, where and what about."""

    starts_at = WhenField(
        label="When it starts", now=False, future=True, help_text="A past one may be entered, too."
    )
    where = TextField(label="Where", max_length=200, required=False)
    agenda = NotesField(
        label="Agenda",
        required=False,
        max_length=4000,
        rows=9,
        help_text="A line an item. Left empty, it is the usual one.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)


class HoldForm(Form):
    """That it was held: who was there, what was said, which report was shown."""

    def __init__(
        self, *args: Any, members: Iterable[Member], reports: Iterable[Report], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.members = list(members)
        for each in self.members:
            self.fields[f"there_{each.pk}"] = forms.ChoiceField(
                label=each.name,
                choices=[*Attendance.Kind.choices, ("", "Neither")],
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[f"there_{each.pk}"].widget.nhs = {"inline": True}  # type: ignore[attr-defined]
        self.fields["minutes"] = NotesField(
            label="Minutes", max_length=20_000, rows=12, help_text=_NO_NAMES
        )
        self.fields["report"] = _choose(
            "The report whose outcomes were shown",
            [(each.pk, report_words(each)) for each in reports],
            required=False,
            help_text="Without one the meeting does not count towards two a year (NG234 1.1.2).",
        )
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
        self.order_fields([f"there_{each.pk}" for each in self.members])

    @property
    def there(self) -> dict[int, str]:
        """Attendance by member; the form has been found valid."""
        given = {each.pk: self.cleaned_data[f"there_{each.pk}"] for each in self.members}
        return {key: kind for key, kind in given.items() if kind}


class ActionForm(Form):
    """Somebody undertakes something."""

    what = TextField(label="What is to be done", max_length=400)
    due_on = DateField(label="Due on")

    def __init__(self, *args: Any, members: Iterable[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(each.pk, each.name) for each in members]
        self.fields["owner"] = _choose("Who", choices)
        self.order_fields(["what", "owner", "due_on"])


class FinishForm(Form):
    outcome = TextField(label="What became of it", max_length=400)
    done_on = DateField(label="Done on")


class DocumentForm(Form):
    title = TextField(label="Title", max_length=160)


class VersionForm(Form):
    """The next wording of a document."""

    changes = TextField(label="What this version changes", max_length=400)
    kept_at = TextField(
        label="Where it is kept",
        max_length=400,
        help_text="An address or a place in the alliance's own library. The file stays there.",
    )
    review_on = DateField(label="To be reviewed by", required=False)


class AgreeForm(Form):
    def __init__(self, *args: Any, meetings: Iterable[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(each.pk, local(each.starts_at)) for each in meetings]
        self.fields["meeting"] = _choose("The meeting that agreed it", choices)


class GiveForm(Form):
    to = TextField(label="Who was given it", max_length=160, help_text="A service or a place.")
    on = DateField(label="On")


class PrepareForm(Form):
    """Which six months a report is about."""

    def __init__(self, *args: Any, periods: Iterable[Period], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(each.first, each.words) for each in periods]
        self.fields["period"] = _choose("About which months", choices)


class CommentForm(Form):
    """What a place says; what it said before is in the box."""

    words = NotesField(label="In your own words", required=False, max_length=4000, rows=8)

    def __init__(self, *args: Any, places: Iterable[OrganisationRef], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(each.id): each for each in places}
        self.fields["words"].help_text = f"{_NO_NAMES} Everybody who reads the report reads it."
        if len(self.places) > 1:
            choices = [(key, each.name) for key, each in self.places.items()]
            self.fields["place"] = _choose("For which place", choices)
            self.order_fields(["place", "words"])

    @property
    def place(self) -> OrganisationRef:
        """For whom they speak; the form has been found valid."""
        only = next(iter(self.places))
        return self.places[self.cleaned_data.get("place") or only]


class WhyForm(Form):
    why = TextField(label="Why", max_length=400)


def report_words(report: Report) -> str:
    """ "April to September 2026, version 2" """
    return f"{Period(report.first, report.last).words}, version {report.version}"


def chosen_user(form: MemberForm, found: User | None) -> bool:
    """Whether the address that was typed is somebody's; says so beside it if it is nobody's."""
    if form.cleaned_data["email"] and found is None:
        form.add_error("email", "Nobody signs in here with this address. Leave it empty if so.")
        form.status = 422
        return False
    return True
