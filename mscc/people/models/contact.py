"""Where a person or a place can be reached, and whether that was ever proven."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.db.models import Q

from mscc.people.models.organisation import Organisation

# UK numbers: mobile 07, landline 01, 02, 03; 09 is premium rate and 070 a personal redirect.
_MOBILE = re.compile(r"07[1-57-9]\d{8}")
_LANDLINE = re.compile(r"0[123]\d{8,9}")
_PAGER = re.compile(r"\d{3,8}|076\d{8}")
_PHONE_SENTENCE = "Enter a UK mobile or pager number, e.g. 07700 900123."


class Channel(models.TextChoices):
    EMAIL = "email", "Email"
    PAGER = "pager", "Pager or bleep"
    SMS = "sms", "Text message"
    VOICE = "voice", "Telephone"
    WEBHOOK = "webhook", "Another system"
    TEAMS = "teams", "Teams channel"
    PUSH = "push", "This browser"
    APPRISE = "apprise", "Another service"


def normalise_address(channel: str, address: str) -> str:
    """The address as it is stored, or ValidationError with the sentence that says what to do."""
    if re.search(r"[\r\n]", address):
        raise ValidationError("Line breaks are not allowed here.", code="line-break")
    address = address.strip()
    if channel == Channel.EMAIL:
        return _email(address)
    if channel == Channel.WEBHOOK:
        return _webhook(address)
    if channel == Channel.TEAMS:
        return _teams(address)
    if channel == Channel.PUSH:
        return _push(address)
    if channel == Channel.APPRISE:
        return _apprise(address)
    return _number(channel, address)


def _number(channel: str, address: str) -> str:
    digits = re.sub(r"[ ()\-]", "", address)
    digits = re.sub(r"^(\+44|0044)0?", "0", digits)
    allowed = {
        Channel.SMS: (_MOBILE,),
        Channel.PAGER: (_PAGER, _MOBILE),
        Channel.VOICE: (_MOBILE, _LANDLINE),
    }[Channel(channel)]
    if not digits.isascii() or not any(shape.fullmatch(digits) for shape in allowed):
        raise ValidationError(_PHONE_SENTENCE, code="number")
    return digits


def _email(address: str) -> str:
    validate_email(address)
    address = address.lower()
    domains: list[str] = settings.ALLOWED_EMAIL_DOMAINS
    if domains and address.rpartition("@")[2] not in domains:
        raise ValidationError("Only nhs.net or your trust's address.", code="domain")
    return address


def _webhook(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username:
        raise ValidationError("Enter a full web address, e.g. https://example.org/alerts.")
    return address


def _teams(address: str) -> str:
    """The web address of a workflow. Its host must be one that we may call."""
    try:
        parts = urlsplit(address)
        host, _port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme != "https" or not host or parts.username or " " in address:
        raise ValidationError(
            "Paste the whole web address that the Teams workflow gave you, from https:// on.",
            code="address",
        )
    allowed = [known.lower() for known in settings.NOTIFY.get("TEAMS_HOSTS", ())]
    if not any(host == known or (known[:1] == "." and host.endswith(known)) for known in allowed):
        raise ValidationError(
            "This service may not send to that host. Ask an administrator to allow it.",
            code="host",
        )
    return address


def _push(address: str) -> str:
    if not re.fullmatch(r"push:\d{1,18}", address, re.ASCII):
        raise ValidationError(
            "A browser cannot be typed in. Open “Ring this browser” in that browser.",
            code="address",
        )
    return address


def _apprise(address: str) -> str:
    """An address of the library Apprise, if its first word is one that was allowed."""
    scheme, found, rest = address.partition("://")
    if not found or not rest or not address.isprintable() or " " in address:
        raise ValidationError(
            "Enter the whole address of the service, e.g. ntfys://host/topic.", code="address"
        )
    allowed = [known.lower() for known in settings.NOTIFY.get("APPRISE_SCHEMES", ())]
    if scheme.lower() not in allowed:
        known = ", ".join(f"{each}://" for each in sorted(allowed)) or "none so far"
        raise ValidationError(f"That service is not allowed here. Allowed: {known}.", code="scheme")
    return address


class ContactPoint(models.Model):
    """One way to reach a person or a place."""

    # contact_once begins with it.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="contacts",
        db_index=False,
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="contacts"
    )
    channel = models.CharField(max_length=8, choices=Channel.choices)
    address = models.CharField(max_length=500)  # a workflow's web address is that long
    priority = models.PositiveSmallIntegerField(default=1, help_text="The lowest is tried first.")
    proven_at = models.DateTimeField(null=True, blank=True, editable=False)
    marked_bad_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("priority", "pk")
        constraints = [
            models.CheckConstraint(
                name="contact_belongs_to_a_person_or_a_place",
                condition=(
                    Q(user__isnull=False, organisation=None)
                    | Q(user=None, organisation__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="contact_channel_is_known", condition=Q(channel__in=Channel.values)
            ),
            models.CheckConstraint(name="contact_has_an_address", condition=~Q(address="")),
            models.UniqueConstraint(
                "user",
                "organisation",
                "channel",
                "address",
                nulls_distinct=False,
                name="contact_once",
                violation_error_message="This contact point is already there.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.address}"

    def clean(self) -> None:
        if self.channel not in Channel.values:
            return  # the field itself says so; there is no shape to judge the address by
        try:
            self.address = normalise_address(self.channel, self.address)
        except ValidationError as error:
            raise ValidationError({"address": error}) from error
