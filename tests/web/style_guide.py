"""The style guide as a page, drawn without a database and without a sign-in."""

from types import SimpleNamespace

from django.test import RequestFactory

from mscc.demo import styleguide

NASTY = "<script>alert('x')</script>\u202e"


def page(query=""):
    request = RequestFactory().get(f"/styleguide/{query}")
    request.user = SimpleNamespace(
        is_authenticated=True, name=f"A. Coordinator {NASTY}", can=lambda permission: True
    )
    request._messages = []
    return styleguide.styleguide(request).content.decode()
