"""A token of the API: as good as a password, and so kept only as its digest."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

# A program that runs for longer has an owner who can make a new one.
VALID_FOR = timedelta(days=365)
# So that a scanner for leaked secrets knows one of ours when it sees it.
PREFIX = "mscc_"


class ApiToken(models.Model):
    """What a program shows to be taken for its person; each person has one at most."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="api_token"
    )
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"token of {self.user_id}"


def new_key() -> str:
    """A new token, to be shown once."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(key: str) -> str:
    """What is kept of a token. It is random and long: nothing is gained by hashing it slowly."""
    return hashlib.sha256(key.encode()).hexdigest()


def expiry(made_at: datetime) -> datetime:
    """Until when a token works."""
    return made_at + VALID_FOR
