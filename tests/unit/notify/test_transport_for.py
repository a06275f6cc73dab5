"""Which gateway a channel goes to is read from the settings, when it is needed."""

import pytest

from scheduling.notify.models import Channel
from scheduling.notify.retry import Result
from scheduling.notify.transports import TransportError, transport_for

ALL = {
    "SNPP_HOST": "pager.example.org",
    "SNPP_PORT": 444,
    "WEBHOOK_SECRET": "shared",
    "WEBHOOK_HOSTS": ["Alerts.example.org"],
    "CONSOLE": True,
}


@pytest.mark.parametrize("channel", ["email", "pager", "webhook", "console"])
def test_each_channel_that_is_set_up_has_its_transport(settings, channel):
    settings.NOTIFY, settings.EMAIL_HOST = ALL, "smtp.example.org"
    made = transport_for(channel)
    assert made.channel == channel
    assert made is not transport_for(channel)
    made.close()


@pytest.mark.parametrize("channel", [*Channel.values, "pigeon"])
def test_a_channel_that_is_not_set_up_says_so(settings, channel):
    settings.NOTIFY, settings.EMAIL_HOST = {}, ""
    with pytest.raises(TransportError) as caught:
        transport_for(channel)
    assert (caught.value.kind, caught.value.code) == (Result.CONFIG, "not_configured")


@pytest.mark.parametrize("missing", ["WEBHOOK_SECRET", "WEBHOOK_HOSTS"])
def test_a_webhook_without_a_secret_or_hosts_is_not_set_up(settings, missing):
    settings.NOTIFY = {**ALL, missing: ""}
    with pytest.raises(TransportError):
        transport_for("webhook")
