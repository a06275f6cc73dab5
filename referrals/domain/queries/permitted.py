"""Which referrals a person may act on: what they may see, at the places where they may do it."""

from uuid import UUID

from django.db.models import Q, QuerySet

from mscc.people.models import User
from mscc.people.roles import Permission
from referrals.domain.queries.visible import referrals_visible_to
from referrals.models import Opinion, Referral


def may_do(user: User, permission: Permission) -> QuerySet[Referral]:
    """The visible referrals at whose place a role held now allows this.

    A command that is given this queryset checks who may and locks in one statement. Whoever
    referred somebody may always add to it.
    """
    allowed = _at_places(user, permission)
    if permission is Permission.ADD_INFORMATION and user.can(permission):
        allowed |= Q(referred_by=user)
    return referrals_visible_to(user).filter(allowed)


def may_answer(user: User, opinion_id: UUID) -> QuerySet[Referral]:
    """The referral on which this person may answer a question.

    Their own specialty was asked at a place of theirs, or they record what others say there.
    """
    own = Opinion.objects.filter(pk=opinion_id, specialty__in=user.specialties)
    allowed = _at_places(user, Permission.ANSWER_OPINION) & Q(pk__in=own.values("referral_id"))
    return referrals_visible_to(user).filter(allowed | _at_places(user, Permission.RECORD))


def _at_places(user: User, permission: Permission) -> Q:
    allowed = Q(pk__in=[])
    for place in user.places(permission):
        allowed |= Q(**place.condition())
    return allowed
