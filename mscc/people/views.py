from allauth.account import views as account
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End the session, and ask the browser to forget what it kept of it."""
    response = account.logout(request)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
