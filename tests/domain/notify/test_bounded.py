"""A gateway that hangs fills its own few threads, and delays nothing that goes another way."""

import uuid

import pytest

from scheduling.notify import lanes
from scheduling.notify.dispatch import Dispatcher
from tests.domain.notify.peers import MailServer, Sink, eventually
from tests.factories.notify import Ticking, posted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("channel", "address"),
    [("sms", ""), ("teams", "alerts"), ("apprise", "json"), ("webhook", "alerts")],
)
def test_one_that_hangs_delays_no_email(settings, channel, address):
    with MailServer() as mail, Sink() as sink:
        place = f"127.0.0.1:{sink.port}"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.NOTIFY = {
            "GOVUK_URL": f"http://{place}",
            "GOVUK_KEY": f"k-{uuid.UUID(int=1)}-{uuid.UUID(int=2)}",
            "GOVUK_TEMPLATE": "template",
            "TEAMS_HOSTS": [place],
            "WEBHOOK_HOSTS": [place],
            "WEBHOOK_SECRET": "shared",
            "APPRISE_SCHEMES": ["json"],
            "PLAIN_HTTP": True,
        }
        known = {"": "07700900123", "alerts": sink.url, "json": f"json://{place}/alerts"}
        sink.answer = "hang"
        for _ in range(12):
            posted(channel=channel, address=known[address], priority=0)
        for _ in range(20):
            posted(channel="email")
        sending = Dispatcher()
        assert sending.run(Ticking(), wait=4).sent == 20
        assert len(mail.letters) == 20
        # A bounded pool, and no more than that.
        assert eventually(lambda: sink.requests, 20)
        assert len(sink.requests) <= lanes.SENDERS[channel]
        sink.over.set()
        sending.close()
