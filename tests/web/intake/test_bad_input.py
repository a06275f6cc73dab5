"""What a ward can mistype, and the sentence it gets. Nothing typed is lost."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from mscc import clock
from mscc.people.models import HeldSubmission, Session
from referrals.forms.intake_person import NumberFields
from referrals.models import Presentation, Referral
from tests.factories.people import PASSWORD
from tests.factories.referrals import AT
from tests.web.intake.reading import text, token_in

pytestmark = pytest.mark.django_db

VALID = "9434765919"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("943476591", "NHS number must have 10 digits. You entered 9."),
        ("9434765918", "This NHS number is not valid. Check the digits."),
        ("９４３４７６５９１９", "Use digits 0–9 only."),
        ("943\u200b4765919", "Use digits 0–9 only."),
        ("0000000000", "This NHS number is not valid. Check the digits."),
        ("94347\x0065919", "Text has characters that cannot be stored (position 6)."),
        ("", "Enter an NHS number, or say why there is none."),
    ],
)
def test_an_nhs_number_that_cannot_be_right(ward, typed, sentence):
    answer = ward.begin().number(typed) if typed else ward.begin().post("nhs-number")

    assert answer.status_code == 422
    assert sentence in text(answer)


def test_test_numbers_are_not_allowed_outside_the_demo(ward, monkeypatch):
    monkeypatch.setattr(NumberFields.base_fields["nhs_number"], "allow_test", False)
    answer = ward.begin().number("9990000026")
    assert "Test NHS numbers are not allowed here." in text(answer)


@pytest.mark.parametrize("typed", [" 943 476 5919 ", "943-476-5919"])
def test_spaces_and_dashes_do_not_matter(ward, typed):
    assert ward.begin().number(typed).status_code == 302
    assert "943 476 5919" in text(ward.get("check"))


def test_a_missing_number_is_allowed_with_a_reason_and_never_blocks(ward):
    ward.begin()
    answer = ward.post("nhs-number", no_number="none")
    assert "Say why there is no NHS number." in text(answer)
    ward.post("nhs-number", no_number="none", absent_reason="Cannot be identified yet")
    ward.person(family_name="Unknown Male")
    ward.referrer()
    ward.noticed("gait")
    ward.examined(go="send")

    patient = Referral.objects.get().patient
    assert patient.nhs_number is None
    assert patient.nhs_number_absent_reason == "Cannot be identified yet"


@pytest.mark.parametrize(
    ("day", "month", "year", "sentence"),
    [
        ("31", "2", "1960", "31 February does not exist."),
        ("1", "13", "1960", "Month must be 1–12."),
        ("1", "3", "60", "Enter a 4-digit year."),
        ("22", "11", "2026", "Date of birth must be between 21 November 1896 and today."),
        ("1", "1", "1890", "Date of birth must be between 21 November 1896 and today."),
    ],
)
def test_a_date_of_birth_that_cannot_be_right(ward, day, month, year, sentence):
    ward.begin().number()
    answer = ward.person(
        date_of_birth__day=day, date_of_birth__month=month, date_of_birth__year=year
    )
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert f'value="{year}"' in answer.content.decode()
    # Kept with the draft, too, so that it can be put right after the next sign-in.
    assert f'value="{year}"' in ward.get("person").content.decode()


def suspected(day, time, **more):
    day, month, year = day.split(".")
    return {
        "suspected_at__choice": "earlier",
        "suspected_at__day": day,
        "suspected_at__month": month,
        "suspected_at__year": year,
        "suspected_at__time": time,
        **more,
    }


def test_a_time_to_come_is_refused(ward):
    ward.begin().number()
    ward.person()
    ward.referrer()
    answer = ward.noticed("gait", **suspected("21.11.2026", "09:14"))
    assert (
        "The time it was suspected is 14 minutes in the future. Enter the time it happened."
        in text(answer)
    )


def test_a_time_long_past_needs_a_yes_and_a_reason_and_says_that_it_will_page(ward):
    ward.fill("gait", **suspected("11.11.2026", "09:00"))
    page = text(ward.get("check"))
    assert "You said this was first suspected 10 days ago. Check it." in page
    assert "This clock is already 9 days overdue and will page now." in page

    answer = ward.send(**ward.ticks())
    assert answer.status_code == 422
    assert "Say why it was not referred earlier." in text(answer)
    ward.send(**ward.ticks(), late_reason="Thought to be a slipped disc")

    assert "Not referred earlier because: Thought to be a slipped disc" in (
        Presentation.objects.get().narrative
    )
    arose = Referral.objects.get().milestones.get(kind="mscc_suspected").occurred_at
    assert arose == AT - timedelta(days=10)


def test_an_hour_that_was_skipped_and_one_that_came_twice(ward, at):
    at(datetime(2027, 3, 28, 9, 0, tzinfo=UTC))
    ward.begin().number()
    ward.person()
    ward.referrer()
    answer = ward.noticed("gait", **suspected("28.3.2027", "01:30"))
    assert "01:30 did not exist on 28 March 2027 (clocks went forward)." in text(answer)

    at(datetime(2027, 10, 31, 9, 0, tzinfo=UTC))
    twice = suspected("31.10.2027", "01:30")
    answer = ward.noticed("gait", **twice)
    assert "01:30 happened twice. Choose BST or GMT." in text(answer)
    assert "The clocks went back, so this time happened twice." in text(answer)
    assert ward.noticed("gait", **twice, suspected_at__zone="bst").status_code == 302


def test_now_in_the_hour_that_comes_twice_is_kept_as_the_one_it_is(ward, at):
    second = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)  # 01:30 GMT, an hour after 01:30 BST
    at(second)
    ward.fill("gait").send()
    assert Referral.objects.get().milestones.get(kind="mscc_suspected").occurred_at == second


def test_all_that_is_missing_on_a_page_is_said_at_once(ward):
    ward.begin().number()
    ward.person()
    ward.referrer()
    page = text(ward.post("noticed"))

    assert "Say whether the person has or had cancer." in page
    assert page.count("Answer yes, no or not known.") >= 6


def test_what_does_not_fit_is_asked_about_and_not_refused(ward):
    ward.fill("limb_weakness")
    ward.examined(mobility="walks_unaided", complete_paralysis="yes")
    page = text(ward.get("check"))
    question = "Check mobility: the person walks without help, and is completely paralysed."
    assert question in page

    answer = ward.send()
    assert answer.status_code == 422
    assert "Change the answer, or tick that it is right." in text(answer)
    assert not Referral.objects.exists()
    ward.send(**ward.ticks())
    assert f"Checked by the ward: {question}" in Presentation.objects.get().narrative


def test_one_tick_does_not_answer_another_question(ward):
    ward.fill("limb_weakness", **suspected("11.11.2026", "09:00"))
    ward.examined(mobility="walks_unaided", complete_paralysis="yes")
    asked = ward.ticks()
    assert len(asked) == 3

    name, tick = asked.popitem()
    answer = ward.send(**{name: tick}, late_reason="Thought to be a slipped disc")
    assert answer.status_code == 422
    assert not Referral.objects.exists()


def test_the_minimum_is_not_sent_past_a_question(ward):
    ward.fill("limb_weakness")
    answer = ward.examined(go="send", mobility="walks_unaided", complete_paralysis="yes")
    assert answer.status_code == 422
    assert "Check mobility" in text(answer)
    # Answered there, it goes on from there.
    assert f'action="{ward.path("check")}"' in answer.content.decode()
    assert not Referral.objects.exists()


def test_too_much_text_is_refused_with_its_length_and_kept(ward):
    ward.begin().number()
    ward.person()
    ward.referrer()
    answer = ward.noticed("gait", narrative="x" * 10_001)
    assert answer.status_code == 422
    assert "can have up to 10,000 characters. Yours has 10,001." in text(answer)
    assert "x" * 10_001 in answer.content.decode()
    answer = ward.noticed("gait", narrative="x" * 1_000_000)
    assert answer.status_code == 413
    assert "Notes can have up to 10,000 characters." in text(answer)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Robin\x00Example", "Text has characters that cannot be stored (position 6)."),
        ("Robin\r\nBcc: x", "Line breaks are not allowed here."),
    ],
)
def test_what_cannot_be_stored_in_a_name_is_refused_there(ward, typed, sentence):
    ward.begin().number()
    answer = ward.person(family_name=typed)
    assert answer.status_code == 422
    assert sentence in text(answer)


def test_a_name_that_turns_the_text_around_is_kept_isolated_and_flagged(ward):
    ward.fill("gait")
    ward.person(family_name="Example\u202etpircs")
    page = ward.get("check").content.decode()
    assert "<bdi>Exampletpircs</bdi>" in page
    assert "It has characters that change the direction of writing." in page


def test_script_in_a_note_is_only_text(ward):
    ward.fill("gait", narrative="<script>alert(1)</script>")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in ward.get("check").content.decode()
    ward.send()
    assert Presentation.objects.get().narrative == "<script>alert(1)</script>"


@pytest.mark.parametrize("typed", ["ring Alex", "0901 234 5678", "+33 1 23 45 67 89", "0163"])
def test_a_number_nobody_here_can_ring_is_refused(ward, typed):
    ward.begin().number()
    ward.person()
    answer = ward.referrer(call_back=typed)
    if typed == "0163":  # four digits are an extension
        assert answer.status_code == 302
    else:
        assert "Enter a UK phone number, a bleep or an extension" in text(answer)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"weight_kg": "heavy"}, "Enter a whole number of kilograms, for example 72."),
        ({"weight_kg": "9000"}, "Enter a weight between 1 and 400 kg."),
        (
            {"dexamethasone": "yes", "dexamethasone_mg": "1600"},
            "Enter a dose between 0.5 and 100 mg.",
        ),
        ({"dexamethasone": "yes", "dexamethasone_mg": "NaN"}, "Enter the dose in milligrams"),
        ({"mri_done": "yes"}, "Say whether it was the whole spine."),
    ],
)
def test_care_that_cannot_be_right(ward, typed, sentence):
    ward.begin().number()
    ward.person()
    answer = ward.post("done", **typed)
    assert answer.status_code == 422
    assert sentence in text(answer)


def test_a_form_without_its_token_changes_nothing(ward):
    ward.begin()
    answer = ward.browser.post(ward.path("nhs-number"), {"nhs_number": VALID, "go": "on"})
    assert answer.status_code == 403
    assert "Session check failed. Reload." in text(answer)


def test_a_page_sent_after_the_session_ran_out_is_kept(ward):
    ward.begin().number()
    token = token_in(ward.get("person"))
    Session.objects.update(seen_at=clock.real_now() - timedelta(minutes=16))
    typed = {"csrfmiddlewaretoken": token, "go": "on", "family_name": "Late"}
    typed["where"] = str(ward.place.ward.pk)
    answer = ward.browser.post(ward.path("person"), typed)
    assert "/accounts/login/" in answer.url

    there = HeldSubmission.objects.get()
    token = token_in(ward.browser.get(answer.url))
    signed = {"csrfmiddlewaretoken": token, "login": ward.user.email, "password": PASSWORD}
    signed["next"] = f"/me/kept/{there.pk}/"
    answer = ward.browser.post("/accounts/login/", signed)
    page = ward.browser.get(answer.url)
    kept = re.findall(r'<textarea name="([^"]+)"[^>]*>\n(.*?)</textarea>', page.content.decode())
    again = dict(kept) | {"held-submission": str(there.pk)}
    assert again["family_name"] == "Late"
    ward.browser.post(ward.path("person"), again | {"csrfmiddlewaretoken": token_in(page)})
    assert "Late" in text(ward.get("check"))
