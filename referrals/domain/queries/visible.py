"""Who may see which referral: decided here, in the queryset, and nowhere else."""

from django.db.models import Q, QuerySet

from mscc.people.models import User
from mscc.people.roles import Permission
from referrals.models import Opinion, Referral


def referrals_visible_to(user: User) -> QuerySet[Referral]:
    """The referrals `user` may read.

    A referrer sees what their ward referred or has with it; a coordinator and their seniors
    everything at their places; a specialty contact what their specialty was asked about there;
    an alliance lead and an administrator none.
    """
    allowed = Q(pk__in=[])
    for place in user.places(Permission.SEE_REFERRALS):
        allowed |= Q(**place.condition())
    if not user.can(Permission.SEE_BOARD):
        # A ward may refer somebody who lies elsewhere, and follows what it referred. Who works
        # from the board sees it through their places: an OR would cost the board its index.
        for place in user.places(Permission.REFER):
            allowed |= Q(referred_by=user, alliance_id=place.alliance_id)
    asked = Q(pk__in=[])
    for place in user.places(Permission.SEE_ASKED):
        asked |= Q(**{f"referral__{name}": value for name, value in place.condition().items()})
    if user.specialties:
        opinions = Opinion.objects.filter(asked, specialty__in=user.specialties)
        allowed |= Q(pk__in=opinions.values("referral_id"))
    return Referral.objects.filter(allowed)
