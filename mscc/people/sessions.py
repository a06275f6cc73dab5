"""Sessions in PostgreSQL that know whose they are, and lock themselves when they run out."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from mscc import clock
from mscc.people.loading import session_row
from mscc.people.models.session import Session

# The moment somebody was last seen is written at most this often: reading a page stays a read.
TOUCH_EVERY = timedelta(seconds=60)


class SessionStore(DatabaseStore):
    """Django's session store with a row for a person to see, an idle and an absolute limit.

    The limits are judged when the session is first read, so that a request that never asks who
    is there (a probe) costs nothing. Session time is real time: the demo does not move it.
    """

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.row: Session | None = None
        self.locked_user_id: int | None = None
        self.device = ""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        row = session_row(self.session_key, clock.real_now())
        if row is None:
            self._session_key = None
            return {}
        if row.locked_at is None and has_run_out(row, clock.real_now()):
            Session.objects.filter(pk=row.pk, locked_at=None).update(locked_at=clock.real_now())
            row.locked_at = clock.real_now()
        if row.locked_at is not None:
            # Forget the key, so that nothing is ever written over the locked row.
            self._session_key = None
            self.locked_user_id = row.user_id
            return {}
        self.row = row
        return self.decode(row.session_data)

    def is_empty(self) -> bool:
        # The cookie of a locked session stays: any tab that asks would else have it deleted, and
        # the late form of another tab would be nobody's.
        return self.locked_user_id is None and super().is_empty()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        made: Session = super().create_model_instance(data)
        made.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        made.device = self.device or (self.row.device if self.row else "")
        now = clock.real_now()
        made.started_at = made.seen_at = now
        if self.row is not None and self.row.user_id == made.user_id:
            # A new key for the same person (a changed password) does not lengthen the day.
            made.started_at = self.row.started_at
        return made

    def touch(self, at: datetime) -> None:
        """Note that the person did something, at most once a minute."""
        if self.row is None or self.row.user_id is None or at - self.row.seen_at < TOUCH_EVERY:
            return
        Session.objects.filter(pk=self.row.pk, locked_at=None).update(seen_at=at)


def has_run_out(row: Session, at: datetime) -> bool:
    """Whether a person's session is over: untouched for too long, or simply too old."""
    if row.user_id is None:
        return False
    idle = at - row.seen_at >= timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    old = at - row.started_at >= timedelta(seconds=settings.SESSION_ABSOLUTE_SECONDS)
    return idle or old
