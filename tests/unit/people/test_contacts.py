"""Numbers and addresses that could be rung in the middle of the night."""

import pytest
from django.core.exceptions import ValidationError

from mscc.people.models.contact import normalise_address

NUMBER = "Enter a UK mobile or pager number, e.g. 07700 900123."


@pytest.mark.parametrize(
    ("channel", "typed", "stored"),
    [
        ("sms", " 07700 900123 ", "07700900123"),
        ("sms", "+44 7700 900-123", "07700900123"),
        ("sms", "0044 (0)7700 900123", "07700900123"),
        ("pager", "1234", "1234"),
        ("pager", "07623 456789", "07623456789"),
        ("voice", "020 7946 0123", "02079460123"),
        ("email", "Sam@Example.nhs.uk", "sam@example.nhs.uk"),
        ("webhook", "https://example.org/alerts", "https://example.org/alerts"),
    ],
)
def test_what_is_typed_is_stored_in_one_form(channel, typed, stored):
    assert normalise_address(channel, typed) == stored


@pytest.mark.parametrize(
    ("channel", "typed"),
    [
        ("sms", "0900 123 4567"),  # premium rate
        ("sms", "070 1234 5678"),  # personal redirect, dear to ring
        ("sms", "020 7946 0123"),  # a landline takes no text
        ("sms", "+33 6 12 34 56 78"),
        ("sms", "07700 90012"),
        ("sms", "07700 9OO123"),
        ("sms", "٠٧٧٠٠٩٠٠١٢٣"),
        ("pager", "12"),
        ("voice", ""),
    ],
)
def test_a_number_nobody_should_ring_is_refused_in_words(channel, typed):
    with pytest.raises(ValidationError, match=NUMBER.replace(".", r"\.")):
        normalise_address(channel, typed)


def test_a_line_break_is_refused_before_anything_else():
    with pytest.raises(ValidationError, match="Line breaks are not allowed here"):
        normalise_address("email", "sam@example.nhs.uk\r\nBcc: other@example.org")


def test_only_allowed_domains_are_taken_where_the_setting_names_some(settings):
    settings.ALLOWED_EMAIL_DOMAINS = ["nhs.net"]
    assert normalise_address("email", "sam@NHS.net") == "sam@nhs.net"
    with pytest.raises(ValidationError, match="Only nhs.net or your trust's address"):
        normalise_address("email", "sam@nhs.net.example.org")


@pytest.mark.parametrize(
    "typed", ["ftp://example.org", "https://", "example.org", "https://user:secret@example.org"]
)
def test_a_web_address_must_be_whole_and_carry_no_password(typed):
    with pytest.raises(ValidationError, match="Enter a full web address"):
        normalise_address("webhook", typed)


POWER = "https://default1.environment.api.powerplatform.com:443/workflows/1?sig=abc"


@pytest.fixture
def allowed(settings):
    settings.NOTIFY = {
        "TEAMS_HOSTS": [".environment.api.powerplatform.com", "flow.example.org"],
        "APPRISE_SCHEMES": ["ntfys", "slack"],
    }


@pytest.mark.parametrize(
    ("channel", "typed"),
    [
        ("teams", POWER),
        ("teams", "https://flow.example.org/workflows/1?sig=abc"),
        ("push", "push:17"),
        ("apprise", "ntfys://ntfy.example.org/mscc"),
        ("apprise", "SLACK://token/channel"),
    ],
)
def test_the_newer_ways_are_stored_as_they_are(allowed, channel, typed):
    assert normalise_address(channel, f" {typed} ") == typed


@pytest.mark.parametrize(
    ("channel", "typed", "sentence"),
    [
        ("teams", "flow.example.org/1", "Paste the whole web address"),
        ("teams", "http://flow.example.org/1", "Paste the whole web address"),
        ("teams", "https://a:b@flow.example.org/1", "Paste the whole web address"),
        ("teams", "https://[::1", "Paste the whole web address"),
        ("teams", "https://evil.example.org/1", "may not send to that host"),
        ("teams", "https://environment.api.powerplatform.com.evil.example/", "may not send"),
        ("push", "https://fcm.googleapis.com/1", "A browser cannot be typed in"),
        ("push", "push:", "A browser cannot be typed in"),
        ("apprise", "ntfys", "Enter the whole address"),
        ("apprise", "json://10.0.0.1/", "not allowed here. Allowed: ntfys://, slack://"),
    ],
)
def test_what_may_not_be_reached_is_refused_in_words(allowed, channel, typed, sentence):
    with pytest.raises(ValidationError, match=sentence):
        normalise_address(channel, typed)


def test_a_scheme_that_was_not_allowed_yet_is_refused(settings):
    settings.NOTIFY = {}
    with pytest.raises(ValidationError, match="Allowed: none so far"):
        normalise_address("apprise", "ntfys://ntfy.example.org/mscc")
