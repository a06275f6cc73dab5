"""The Jinja2 environment of every page of ours."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader

from mscc.web import chart, fields, filters, page, track
from referrals.clinical.library import said
from referrals.clinical.text import misleading
from scheduling.views.announced import announced


class LoudUndefined(ChainableUndefined):
    """Chains and tests as false, as the NHS components need, but will not be printed.

    A misspelt name in a page of ours is an error in tests instead of an empty place.
    """

    def __str__(self) -> str:
        return self._fail_with_undefined_error()

    def __iter__(self) -> Any:
        return self._fail_with_undefined_error()


def environment(**options: Any) -> Environment:
    """Our templates first, then the NHS components; everything is escaped."""
    strict = options.pop("undefined", None) == "strict"
    options["loader"] = ChoiceLoader([options["loader"], PackageLoader("nhsuk_frontend_jinja")])
    made = Environment(
        undefined=LoudUndefined if strict else ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )
    made.globals.update(
        chart.GLOBALS | fields.GLOBALS | page.GLOBALS | track.GLOBALS,
        static=static,
        url=url,
        source_words=said,
        announced=announced,
        DEMO=settings.DEMO,
    )
    made.filters.update(filters.FILTERS, misleading=misleading)
    return made


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The path of a named page: `url("me")`, `url("referral", reference=...)`."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def context(request: HttpRequest) -> dict[str, Any]:
    """What every page may ask for: who is signed in."""
    return {"user": getattr(request, "user", None)}
