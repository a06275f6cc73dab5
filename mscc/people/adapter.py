"""How allauth meets this service: nobody signs up, people are added by an administrator."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from mscc.web.requests import client_ip


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is closed, and our own reading of a client's address is used."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """No "successfully signed in as ..." above the board: only what was asked for is said."""
