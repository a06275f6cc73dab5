"""A channel of Microsoft Teams, by the web address of a workflow that posts an adaptive card."""

from dataclasses import dataclass
from typing import Any

from scheduling.notify.messages import Message
from scheduling.notify.models import Channel, Notice
from scheduling.notify.retry import Result
from scheduling.notify.transports.base import Limits, Sent, TransportError
from scheduling.notify.transports.http import HttpTransport, agreed, as_json, contradicted

_CARD = "application/vnd.microsoft.card.adaptive"
_SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"


@dataclass(frozen=True, slots=True)
class TeamsRules:
    """`hosts`: where workflows live; one that begins with a dot stands for all below it."""

    hosts: frozenset[str]
    plain_http: bool = False  # for a machine's own loopback, never across a network


class TeamsTransport(HttpTransport):
    channel = Channel.TEAMS

    def __init__(self, rules: TeamsRules, limits: Limits | None = None) -> None:
        super().__init__(limits)
        self._rules = rules

    def send(self, notice: Notice, message: Message) -> Sent:
        """POST one card. A workflow answers 202 and nothing more."""
        agreed(notice.address, self._rules.hosts, plain_http=self._rules.plain_http)
        headers = {"Content-Type": "application/json"}
        answer = self.post(notice.address, as_json(card(message)), headers)
        if not answer.body.strip() or answer.body.strip() == b"1":  # the older connectors say 1
            return Sent()
        if contradicted(answer.said()):
            raise TransportError(Result.TRANSIENT, f"{answer.code} with error")
        return Sent(answer.headers.get("x-ms-workflow-run-id", "")[:200])


def card(message: Message) -> dict[str, Any]:
    """The message as an adaptive card in the envelope that a workflow expects."""
    link = str(message.facts.get("link", ""))
    # The link is the button's; the rest is the card's text.
    lines = [line for line in message.body.splitlines() if line and not (link and link in line)]
    content: dict[str, Any] = {
        "$schema": _SCHEMA,
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            {
                "type": "TextBlock",
                "text": message.subject,
                "weight": "Bolder",
                "size": "Medium",
                "wrap": True,
            },
            {"type": "TextBlock", "text": "\n\n".join(lines), "wrap": True},
        ],
    }
    if link:
        content["actions"] = [{"type": "Action.OpenUrl", "title": "Open", "url": link}]
    attachment = {"contentType": _CARD, "contentUrl": None, "content": content}
    return {"type": "message", "attachments": [attachment]}
