"""A sign-in, kept in PostgreSQL so that it survives Redis and can be listed and ended."""

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models

from mscc import clock


class Session(AbstractBaseSession):
    """One browser of one person.

    A session that ran out is locked, not deleted: it signs nobody in any more, but it still says
    whose half-filled form has just arrived.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sign_ins"
    )
    started_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)
    locked_at = models.DateTimeField(null=True)
    device = models.CharField(max_length=200, blank=True)

    objects = BaseSessionManager()

    class Meta:
        ordering = ("-seen_at",)

    def __str__(self) -> str:
        return f"sign-in of user {self.user_id}"

    @classmethod
    def get_session_store_class(cls) -> type:
        from mscc.people.sessions import SessionStore

        return SessionStore
