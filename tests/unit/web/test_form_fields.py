"""What people type into a form, and what becomes of it. The pure rules have tests of their own."""

from datetime import UTC, date, datetime

import pytest

from referrals.domain.refusals import Conflict, Invalid, NeedsConfirmation, Refused, StaleVersion
from referrals.forms.base import CommandForm, Form
from referrals.forms.fields import (
    BirthField,
    CallBackField,
    CheckField,
    DateField,
    NhsNumberField,
    NotesField,
    RadioField,
    TextField,
    ThreeWayField,
    WhenField,
)

AT = datetime(2027, 11, 21, 14, 5, tzinfo=UTC)
KEY = "6f8a2b1e-6ef1-4d7c-9d1f-6d3fe9a3d0b1"


class Happened(Form):
    when = WhenField(label="When?")


class Booked(Form):
    slot = WhenField(label="When is it booked for?", now=False, future=True)


class Seen(Form):
    gait = ThreeWayField(label="Trouble walking", onset="When did it begin?")


def typed(name, day="", month="", year="", time="", **more):
    boxes = {"day": day, "month": month, "year": year, "time": time} | more
    return {f"{name}-{box}": str(value) for box, value in boxes.items() if value != ""}


def cleaned(form):
    assert form.is_valid(), form.errors
    return form.cleaned_data


def mistakes(form):
    assert not form.is_valid()
    return {name: " ".join(errors) for name, errors in form.errors.items()}


def test_now_is_when_the_form_arrived():
    assert cleaned(Happened({"when-choice": "now"}, at=AT))["when"] == AT


def test_an_earlier_time_is_read_as_london_time():
    summer = typed("when", 1, 7, 2027, "09:10", choice="earlier")
    assert cleaned(Happened(summer, at=AT))["when"] == datetime(2027, 7, 1, 8, 10, tzinfo=UTC)


def test_a_time_typed_beside_now_is_never_dropped():
    both = typed("when", 21, 11, 2027, "09:10", choice="now")
    assert "Choose one of them" in mistakes(Happened(both, at=AT))["when"]


def test_an_hour_that_happened_twice_asks_which_and_then_knows():
    twice = typed("when", 31, 10, 2027, "01:30", choice="earlier")
    form = Happened(twice, at=AT)
    assert mistakes(form) == {"when": "01:30 happened twice. Choose BST or GMT."}
    assert form.fields["when"].widget.ask_zone
    answers = {
        zone: cleaned(Happened(twice | {"when-zone": zone}, at=AT))["when"]
        for zone in ("bst", "gmt")
    }
    assert answers == {
        "bst": datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
        "gmt": datetime(2027, 10, 31, 1, 30, tzinfo=UTC),
    }


def test_something_that_happened_cannot_lie_in_the_future_but_an_appointment_can():
    ahead = typed("when", 21, 11, 2027, "14:19", choice="earlier")
    assert "14 minutes in the future" in mistakes(Happened(ahead, at=AT))["when"]
    slot = typed("slot", 22, 11, 2027, "10:40")
    assert cleaned(Booked(slot, at=AT))["slot"] == datetime(2027, 11, 22, 10, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("boxes", "sentence"),
    [
        ({}, "Enter the date and the time."),
        ({"day": 31, "month": 2, "year": 2027, "time": "9:00"}, "31 February does not exist."),
        ({"day": 1, "month": 13, "year": 2027, "time": "9:00"}, "Month must be 1–12."),
        ({"day": 1, "month": 2, "year": 27, "time": "9:00"}, "Enter a 4-digit year."),
        ({"day": 1, "month": 2, "year": 2027}, "Enter the time too, for example 14:05."),
        ({"day": 28, "month": 3, "year": 2027, "time": "1:30"}, "01:30 did not exist"),
    ],
)
def test_a_moment_that_cannot_be_right_says_why(boxes, sentence):
    assert sentence in mistakes(Booked(typed("slot", **boxes), at=AT))["slot"]


def test_earlier_waits_with_the_day_in_london_so_that_only_a_time_is_typed():
    late = datetime(2027, 7, 1, 23, 30, tzinfo=UTC)
    parts = Happened(at=late)["when"].field.widget.parts(None)
    assert (parts["choice"], parts["day"], parts["month"]) == ("now", "2", "7")


def test_a_stored_moment_reads_in_the_boxes_as_it_was_typed():
    parts = Booked(at=AT).fields["slot"].widget.parts(datetime(2027, 7, 1, 8, 10, tzinfo=UTC))
    assert (parts["day"], parts["time"]) == ("1", "09:10")


def test_silence_is_not_a_no():
    class Optional(Form):
        gait = ThreeWayField(label="Trouble walking", required=False)

    assert cleaned(Optional({}, at=AT))["gait"] == {"answer": "not_known", "onset": None}


def test_the_onset_of_a_yes_is_a_day_or_a_moment():
    day = {"gait": "yes", **typed("gait", 19, 11, 2027)}
    moment = {"gait": "yes", **typed("gait", 19, 11, 2027, "06:30")}
    assert cleaned(Seen(day, at=AT))["gait"]["onset"] == "2027-11-19"
    assert cleaned(Seen(moment, at=AT))["gait"]["onset"] == "2027-11-19T06:30:00+00:00"
    assert cleaned(Seen({"gait": "yes"}, at=AT))["gait"]["onset"] is None


def test_an_onset_behind_a_no_is_not_kept_and_one_to_come_is_refused():
    no = {"gait": "no", **typed("gait", 19, 11, 2027)}
    assert cleaned(Seen(no, at=AT))["gait"] == {"answer": "no", "onset": None}
    assert "future" in mistakes(Seen({"gait": "yes", **typed("gait", 23, 11, 2027)}, at=AT))["gait"]


def test_an_answer_that_was_not_offered_is_refused():
    assert mistakes(Seen({"gait": "maybe"}, at=AT)) == {"gait": "Answer yes, no or not known."}


@pytest.mark.parametrize("onset", [None, "2027-11-19", "2027-11-19T06:30:00+00:00"])
def test_a_kept_answer_comes_back_as_it_was(onset):
    stored = {"answer": "yes", "onset": onset}
    parts = Seen(at=AT).fields["gait"].widget.parts(stored)
    again = {"gait": parts.pop("answer")} | {f"gait-{box}": text for box, text in parts.items()}
    assert cleaned(Seen(again, at=AT))["gait"] == stored


class Person(Form):
    name = TextField(label="Given name", max_length=20)
    notes = NotesField(label="Notes", required=False, max_length=30)
    number = NhsNumberField(label="NHS number", required=False)
    call_back = CallBackField(label="Call back", required=False)
    born = BirthField(label="Date of birth", required=False)
    seen = DateField(label="First seen", required=False)
    status = RadioField(label="Cancer", choices=[("known", "Known"), ("none", "None")])
    which = TextField(label="Which cancer?")
    done = CheckField(label="Done", choices=[("dex", "Dexamethasone")], required=False)
    reveals = {"which": ("status", "known")}


FINE = {"name": " Zoë ", "status": "none"}


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"name": ""}, "name", "Enter given name."),
        ({"name": "a" * 21}, "name", "Given name can have up to 20 characters. Yours has 21."),
        ({"name": "a\nb"}, "name", "Line breaks are not allowed here."),
        ({"name": "a\x00b"}, "name", "Text has characters that cannot be stored (position 2)."),
        ({"number": "99900000"}, "number", "NHS number must have 10 digits. You entered 8."),
        ({"number": "9990000018"}, "number", "Test NHS numbers are not allowed here."),
        ({"call_back": "09061 234567"}, "call_back", "Enter a UK phone number"),
        (typed("born", 22, 11, 2027), "born", "Date of birth must be between"),
        ({"status": ""}, "status", "Choose one."),
        ({"status": "known"}, "which", "Enter which cancer."),
    ],
)
def test_a_mistake_is_told_beside_its_field(given, field, sentence):
    assert sentence in mistakes(Person(FINE | given, at=AT))[field]


def test_a_question_that_was_not_shown_asks_nothing_and_keeps_nothing():
    data = cleaned(Person(FINE | {"which": "left from before"}, at=AT))
    assert (data["name"], data["which"], data["notes"]) == ("Zoë", None, "")


def test_a_test_number_passes_where_it_is_allowed():
    class Demo(Form):
        number = NhsNumberField(label="NHS number", allow_test=True)

    assert cleaned(Demo({"number": "999 000 0018"}, at=AT))["number"] == "9990000018"


def test_a_date_in_three_boxes():
    assert cleaned(Person(FINE | typed("seen", 1, 2, 2027), at=AT))["seen"] == date(2027, 2, 1)


class Command(CommandForm):
    note = TextField(label="Note")


def command(**data):
    return Command({"note": "seen", "version": "3", "key": KEY} | data, at=AT)


def test_each_form_drawn_has_a_key_of_its_own():
    assert Command(at=AT, version=3)["key"].value() != Command(at=AT, version=3)["key"].value()


def test_a_conflict_keeps_the_text_and_lets_the_next_try_through():
    form = command()
    cleaned(form)
    form.refuse(StaleVersion("Dr Example", AT, "MRI booked"), version=7)
    assert form.status == 409
    assert "Dr Example changed this referral at 14:05" in form.conflict.sentence
    assert (form["note"].value(), form["version"].value()) == ("seen", "7")
    assert form["key"].value() == KEY


def test_what_the_domain_refuses_stands_beside_its_field_or_above_the_form():
    form = command()
    cleaned(form)
    form.refuse(Invalid({"note": "Say more.", "slot": "Too late."}))
    assert (form.status, form.errors["note"], form.non_field_errors()) == (
        422,
        ["Say more."],
        ["Too late."],
    )
    other = command()
    cleaned(other)
    other.refuse(Refused("Not now."))
    assert (other.status, other.non_field_errors()) == (400, ["Not now."])


def test_confirming_is_asked_for_only_when_the_domain_asks():
    form = command()
    cleaned(form)
    assert form["confirmed"].is_hidden
    form.refuse(NeedsConfirmation({"note": "This was nine days ago."}))
    assert not form["confirmed"].is_hidden
    again = command(confirmed="on")
    assert cleaned(again)["confirmed"] is True
    assert not again["confirmed"].is_hidden


def test_every_conflict_is_answered_as_one():
    form = command()
    cleaned(form)
    form.refuse(Conflict("A 24-hour clock is already running."))
    assert (form.status, form.conflict.sentence) == (409, "A 24-hour clock is already running.")
