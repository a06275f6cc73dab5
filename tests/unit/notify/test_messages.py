"""What leaves the house, and what never does."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.notify import fields, messages
from scheduling.notify.models import Channel, Kind
from tests.factories.notify import FIELDS, unsaved

SHORT = ("pager", "sms")
PATIENT = {
    "given_name": "Zebediah",
    "family_name": "Quartermaine",
    "nhs_number": "999 123 4567",
    "nhs_packed": "9991234567",
    "date_of_birth": "1951-03-02",
    "postcode": "ZE1 0AA",
    "phone": "0794600001 Zebediah",
    "next_of_kin": "Ottoline Quartermaine",
    "gp_practice": "Quartermaine Surgery",
    "allergies": "penicillin",
}


def test_a_page_says_what_is_missed_since_when_and_whom_to_ring():
    assert messages.render(unsaved()).body == (
        "MSCC TARGET MISSED K7Q-4F: MRI within 24 hours, was due 09:40 GMT Sat 21 Nov."
        " Ring 020 7946 0000"
    )


def test_a_time_in_summer_says_bst():
    summer = {**FIELDS, "due": "2026-07-04T21:40:00+00:00"}
    assert "22:40 BST Sat 04 Jul" in messages.render(unsaved(fields=summer)).body


def test_the_repeated_hour_of_october_can_be_told_apart():
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert messages.local_words(first) == "01:30 BST Sun 25 Oct"
    assert messages.local_words(first + timedelta(hours=1)) == "01:30 GMT Sun 25 Oct"


def test_an_email_says_the_same_and_carries_the_one_time_link(settings):
    settings.PUBLIC_URL = "https://mscc.example.org"
    message = messages.render(unsaved(channel="email"))
    assert message.subject == "MSCC target missed K7Q-4F"
    assert f"Acknowledge: https://mscc.example.org/notices/ack/{'a' * 32}/\n" in message.body
    for line in ("Reference: K7Q-4F", "What: MRI within 24 hours", "Ring: 020 7946 0000"):
        assert line in message.body.splitlines()
    assert message.facts["due"] == FIELDS["due"]


def test_a_receipt_links_to_the_status_page_and_cannot_be_acknowledged(settings):
    settings.PUBLIC_URL = "https://mscc.example.org"
    said = {"reference": "K7Q-4F", "link": "/status/abcdefghijklmnopqrstuvwx/"}
    message = messages.render(unsaved(kind="receipt", channel="email", fields=said, ack_token=None))
    assert "https://mscc.example.org/status/abcdefghijklmnopqrstuvwx/" in message.body
    assert "Acknowledge" not in message.body


@pytest.mark.parametrize(
    ("attempts", "round_", "said"),
    [(1, None, None), (2, None, "RPT 2"), (1, 3, "RPT 3"), (3, 2, "RPT 4")],
)
def test_a_repeat_says_which_one_it_is(attempts, round_, said):
    more = {} if round_ is None else {"repeat": round_}
    body = messages.render(unsaved(attempts=attempts, fields=FIELDS | more)).body
    assert re.findall(r"RPT \d+", body) == ([said] if said else [])


@pytest.mark.parametrize(
    "bad",
    [
        FIELDS | {"given_name": "Zebediah"},
        FIELDS | {"due": "tomorrow"},
        FIELDS | {"due": "2026-11-21T09:40:00"},
        FIELDS | {"what": "Zebediah's MRI"},
    ],
)
def test_a_row_that_cannot_be_rendered_still_sends_somebody_to_the_board(bad):
    message = messages.render(unsaved(fields=bad))
    assert message.body == "MSCC alert, open board, ref K7Q-4F"
    assert message.poison


@pytest.mark.parametrize("bad", [None, [], "text", {}, {"reference": "Quartermaine"}])
def test_without_a_reference_the_minimal_text_names_none(bad):
    assert messages.render(unsaved(fields=bad)).body == "MSCC alert, open board"


def test_the_minimal_text_too_says_that_it_may_have_come_before():
    again = messages.render(unsaved(kind="surprise", attempts=3))
    assert again.body == "MSCC alert, open board, ref K7Q-4F. RPT 3"
    assert again.facts["repeat"] == 3


def test_an_unknown_kind_is_sent_as_the_minimal_text():
    assert messages.render(unsaved(kind="surprise")).body == "MSCC alert, open board, ref K7Q-4F"


def test_a_test_page_needs_no_referral():
    message = messages.render(unsaved(kind="test", fields={}))
    assert message.body == "MSCC TEST"
    assert not message.poison


def test_a_page_says_what_to_answer_with_where_an_answer_can_reach_us(settings):
    for channel in SHORT:
        page = unsaved(kind="breach", channel=channel, reply_code="4821")
        assert messages.render(page).body.endswith(". Reply 4821 to acknowledge")
    settings.NOTIFY = {"REPLIES": ["sms"]}
    page = unsaved(kind="breach", channel="pager", reply_code="4821")
    assert "4821" not in messages.render(page).body
    assert "Reply" not in messages.render(unsaved(kind="breach", channel="sms")).body


def test_every_kind_has_words_of_its_own_and_every_clock_and_specialty_a_name():
    assert set(messages.WORDINGS) == set(Kind.values)
    assert len({wording.subject for wording in messages.WORDINGS.values()}) == len(Kind.values)
    assert all(phrase.isascii() for phrase in fields.WHAT.values())


@pytest.mark.parametrize("kind", Kind.values)
@pytest.mark.parametrize("what", sorted(fields.WHAT))
def test_the_longest_page_still_fits_a_pager(kind, what):
    longest = {
        "reference": "WWW-WW",
        "what": what,
        "due": "2026-11-25T23:59:59+00:00",
        "call_back": "+44 20 7946 0000 ext 999",
        "repeat": 9999,
    }
    for channel in SHORT:
        message = messages.render(
            unsaved(
                kind=kind, channel=channel, fields=longest, attempts=99_999, reply_code="482100"
            )
        )
        assert not message.poison
        assert len(message.body) <= 160
        assert message.body.isascii()
        assert message.body.isprintable()


_AWARE = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 - the zone is drawn apart
    max_value=datetime(2030, 1, 1),  # noqa: DTZ001 - the same
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]),
)
_PERSONAL = st.one_of(
    st.sampled_from(sorted(PATIENT.values())),
    st.tuples(st.text(max_size=8), st.sampled_from(sorted(PATIENT.values())), st.text(max_size=8))
    .map("".join),
)  # fmt: skip
_NAMES = st.sampled_from(sorted({*fields.ALLOWED, *PATIENT, "fields", "body", "subject"}))
_ANYTHING = st.one_of(_PERSONAL, st.none(), st.booleans(), st.integers(), st.lists(_PERSONAL))


@settings(max_examples=300, deadline=None)
@given(
    said=st.fixed_dictionaries(
        {}, optional={"reference": st.just("K7Q-4F"), "due": _AWARE.map(datetime.isoformat)}
    ),
    smuggled=st.dictionaries(_NAMES, _ANYTHING, max_size=4),
    kind=st.sampled_from(Kind.values),
    channel=st.sampled_from(Channel.values),
)
def test_nothing_of_a_patient_is_ever_in_a_message(said, smuggled, kind, channel):
    cleaned, _refused = fields.clean({**said, **smuggled})
    for stored in (cleaned, {**said, **smuggled}):
        message = messages.render(
            unsaved(kind=kind, channel=channel, fields=stored, recipient_name="Ottoline")
        )
        out = "\n".join([message.subject, message.body, *map(str, message.facts.values())])
        for value in PATIENT.values():
            assert value.lower() not in out.lower()
        assert "\r" not in message.subject
        assert "\n" not in message.subject


@pytest.mark.parametrize(
    "number", ["020 7946 0000", "+44 20 7946 0000", "07700900123", "ext 4711", "bleep 123",
               "(020) 7946 0000", "020 7946 0000 ext 12", "4711", "pager 12345",
     "01614960123 bleep 4321", "08001234567"],
)  # fmt: skip
def test_a_call_back_number_goes_out(number):
    assert fields.clean({"call_back": number}) == ({"call_back": number}, [])


@pytest.mark.parametrize(
    "number", ["9991234567", "999 123 4567", "ring Ottoline", "A123456", "12",
               "020 7946 0000\r\nBcc: x", "\u0660" * 5, "51-03-02", "02/03/1951"],
)  # fmt: skip
def test_what_is_not_a_call_back_number_does_not(number):
    assert fields.clean({"call_back": number}) == ({}, ["call_back"])


@pytest.mark.parametrize(
    "link", ["https://evil.example/", "//evil.example/", "/status/../admin/", "/referrals/K7Q-4F",
             "/status/abcdefghijklmnop/?name=Zebediah", "/notices/ack/short/"],
)  # fmt: skip
def test_a_link_leads_nowhere_but_to_our_own_few_pages(link):
    assert fields.clean({"link": link}) == ({}, ["link"])


@pytest.mark.parametrize("reference", ["K7Q-4F\n", "k7q-4f", "SMITH", "K7Q4F", 7, "LEE-ANN"])
def test_what_is_not_a_reference_does_not_pass_as_one(reference):
    assert fields.clean({"reference": reference}) == ({}, ["reference"])
