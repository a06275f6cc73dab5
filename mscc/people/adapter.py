"""How allauth meets this service: nobody signs up, people are added by an administrator."""

from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from mscc import clock
from mscc.people import changes
from mscc.people.models import User
from mscc.web.requests import client_ip

logger = structlog.get_logger(__name__)


def attempted_address(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """Whose password is being tried, for counting failures: however it was typed, one person."""
    found = (credentials or {}).get("email") or (credentials or {}).get("username")
    if not found and request is not None:
        found = request.POST.get("login") or request.POST.get("email")
    return str(found or "").strip().lower()


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is closed, and our own reading of a client's address is used."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": (
            "The email address or the password is not right. Check both and try again."
        ),
        "incorrect_password": "This is not your password. Try again.",
        "enter_current_password": "This is not your password. Try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """No "successfully signed in as ..." above the board: only what was asked for is said."""

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> Any:
        logger.info("signed_in", user_id=user.pk)
        changes.forget_old_sessions(clock.real_now())
        return super().post_login(request, user, **kwargs)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        logger.warning("sign_in_failed")
        super().authentication_failed(request, **credentials)
