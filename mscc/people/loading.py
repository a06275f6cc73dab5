"""Reading the person of a request in one hand-written statement.

Every request pays for this one, and building the same query through the ORM took several
milliseconds of it. `UserQuerySet.with_assignments` answers the same question for everybody else;
a test holds the two together.
"""

import json
from datetime import datetime

from mscc.people.models import Session, User
from mscc.people.models.token import digest_of

_PERSON = """
SELECT u.*, (
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'role', a.role, 'specialty', a.specialty, 'id', o.id, 'kind', o.kind, 'name', o.name,
        'alliance', o.alliance_id, 'trust', o.trust_id, 'hospital', o.hospital_id
    ) ORDER BY a.id), '[]')
    FROM people_assignment a JOIN people_organisation o ON o.id = a.organisation_id
    WHERE a.user_id = u.id
      AND a.starts_at <= %(at)s AND (a.ends_at IS NULL OR a.ends_at > %(at)s)
) AS found
FROM people_user u
WHERE u.is_active AND u.id =
"""
_BY_ID = _PERSON + "%(who)s"
_BY_TOKEN = _PERSON + (
    "(SELECT t.user_id FROM people_apitoken t WHERE t.digest = %(who)s AND t.expires_at > %(at)s)"
)
_SESSION = "SELECT * FROM people_session WHERE session_key = %s AND expire_date > %s"


def person_by_id(user_id: int, at: datetime) -> User | None:
    """The person, with the roles held at a moment; None when unknown or disabled."""
    return _person(_BY_ID, user_id, at)


def person_by_token(key: str, at: datetime) -> User | None:
    """The person a token of the API stands for, with the roles held at a moment."""
    return _person(_BY_TOKEN, digest_of(key), at)


def session_row(key: str, at: datetime) -> Session | None:
    """The row of a session that has not expired."""
    return next(iter(Session.objects.raw(_SESSION, [key, at])), None)


def _person(statement: str, who: int | str, at: datetime) -> User | None:
    user: User | None = next(iter(User.objects.raw(statement, {"who": who, "at": at})), None)
    if user is not None:
        user.assignments_json = json.loads(user.found)
    return user
