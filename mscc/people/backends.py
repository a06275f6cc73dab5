"""Loading the person of a request, with the roles held now, in one statement."""

from allauth.account.auth_backends import AuthenticationBackend
from rest_framework import exceptions
from rest_framework.authentication import TokenAuthentication

from mscc import clock
from mscc.people.loading import person_by_id, person_by_token
from mscc.people.models import ApiToken, User


class PeopleBackend(AuthenticationBackend):
    """allauth's sign-in; each request then reads the person and the roles anew."""

    def get_user(self, user_id: int) -> User | None:
        """The person, unless disabled: taking a role or an account away works at once."""
        return person_by_id(user_id, clock.now())


class PeopleTokenAuthentication(TokenAuthentication):
    """A token stands for a person and can do what that person can do now."""

    model = ApiToken

    def authenticate_credentials(self, key: str) -> tuple[User, None]:
        user = person_by_token(key, clock.now())
        if user is None:
            raise exceptions.AuthenticationFailed("Token not recognised.")
        return user, None
