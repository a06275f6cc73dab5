"""A coordinator keys a call on behalf of whoever rings: one page, and then the person's page."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from mscc import clock
from mscc.people.roles import Permission
from referrals.clinical.identity import clean_nhs_number
from referrals.clinical.text import InputError
from referrals.domain import intake
from referrals.domain.intake import AlreadyOpen
from referrals.domain.queries.intake import open_referrals_for
from referrals.forms.intake import Ward
from referrals.forms.intake_telephone import TelephoneForm
from referrals.models import Referral
from referrals.views.base import attempt, command_for
from referrals.views.intake_common import record_search, ward_of


@require_http_methods(["GET", "POST"])
def telephone(request: HttpRequest) -> HttpResponse:
    """Key a call in; sent twice it is one referral."""
    ward, at = _ward(request), clock.now()

    def form_of(moment: object) -> TelephoneForm:
        filled = {"hospital": str(ward.hospitals[0].pk) if len(ward.hospitals) == 1 else ""}
        return TelephoneForm(
            request.POST or None, at=moment, own=[], hospitals=ward.hospitals, initial=filled
        )

    form = form_of(at)
    if request.method == "POST" and form.is_valid():
        done = attempt(request, form, lambda form: _receive(request, form), again=form_of)
        if done is not None:
            return redirect("referral", done.reference)
    found = []
    if isinstance(form.conflict, AlreadyOpen):
        found = open_referrals_for(request.user, form.cleaned_data["nhs_number"])
        record_search(request, found)
    context = {"form": form, "found": found}
    return render(request, "referrals/intake/telephone.html", context, status=form.status)


def _receive(request: HttpRequest, form: TelephoneForm) -> Referral:
    caller = form.cleaned_data["caller"]
    return intake.receive(form.intake(), command=command_for(request, form, on_behalf_of=caller))


@require_POST
def look_up(request: HttpRequest) -> HttpResponse:
    """Whether somebody of this NHS number is open already: a fragment, asked as it is typed.

    By POST, so that the number is in no address and in no log.
    """
    _ward(request)
    try:
        number = clean_nhs_number(request.POST.get("nhs_number", ""), allow_test=settings.DEMO)
    except InputError as wrong:
        context = {"found": [], "sentence": wrong.sentence}
    else:
        found = open_referrals_for(request.user, number)
        record_search(request, found)
        context = {"found": found, "sentence": ""}
    return render(request, "referrals/intake/look_up.html", context)


def _ward(request: HttpRequest) -> Ward:
    if not request.user.can(Permission.REFER_FOR_OTHERS):
        raise PermissionDenied
    return ward_of(request)
