"""Check what was typed, and send it: once, whatever is pressed twice."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from mscc import clock
from mscc.events import Actor, Command
from referrals.clinical.key_information import MissingItem
from referrals.domain import drafts, intake
from referrals.domain.intake import AlreadyOpen
from referrals.domain.refusals import Refused, Repeated
from referrals.forms.intake import CHECK, PAGES, Answers, Page, Ward, page_of
from referrals.forms.intake_check import CheckForm
from referrals.forms.intake_typed import said
from referrals.models import Draft
from referrals.views.intake_common import on_duty_for, own_draft, read, ward_of


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Everything that was typed, what does not fit, what is missing; and Send."""
    ward = ward_of(request)
    draft = own_draft(request, draft_id)
    if draft.referral is not None:
        return redirect("referral-sent", draft.referral.reference)
    if request.method == "POST":
        return send(request, ward, draft_id)
    answers = read(ward, draft, clock.now())
    form = CheckForm(at=answers.at, asked=answers.questions())
    return _check_page(request, draft, answers, form)


def send(request: HttpRequest, ward: Ward, draft_id: UUID) -> HttpResponse:
    """Send a draft if it can be sent, else show what stands in the way."""
    try:
        with transaction.atomic():
            # A second press waits here, and then finds it sent.
            draft = drafts.lock(request.user, draft_id)
            if draft is None:
                raise Http404
            if draft.referral is not None:
                return redirect("referral-sent", draft.referral.reference)
            answers = read(ward, draft, clock.now())
            form = CheckForm(request.POST, at=answers.at, asked=answers.questions())
            if _stops(answers) or not form.is_valid():
                return _check_page(request, draft, answers, form)
            referral = intake.receive(
                answers.intake(request.user.email, form.confirmation()),
                command=Command(by=Actor.user(request.user), at=answers.at, key=str(draft.pk)),
            )
            drafts.sent(draft, referral)
    except AlreadyOpen:
        return redirect("refer-already-open", draft_id)
    except Repeated as repeated:
        return redirect("referral-sent", repeated.answer["reference"])
    except Refused as refusal:
        form.refuse(refusal)
        return _check_page(request, draft, answers, form)
    return redirect("referral-sent", referral.reference)


def _stops(answers: Answers) -> bool:
    return bool(answers.wrong or answers.missing_minimum())


def _check_page(
    request: HttpRequest, draft: Draft, answers: Answers, form: CheckForm
) -> HttpResponse:
    minimum = answers.missing_minimum()
    context = {
        "number": CHECK,
        "form": form,
        "draft": draft,
        "parts": [_part(draft, page, answers) for page in PAGES],
        "wrong": [(f"Correct: {page.title}", _change(draft, page)) for page in answers.wrong],
        "minimum": [_link(draft, item) for item in minimum],
        "missing": [_link(draft, item) for item in answers.missing() if not item.safety],
        "back": _change(draft, PAGES[-1]),
        "emergency": answers.emergency,
        "second_reason": answers.second_reason,
        "duty": on_duty_for(request),
        "may_send": not _stops(answers),
    }
    sent_badly = request.method == "POST" and (_stops(answers) or not form.is_valid())
    status = 422 if sent_badly else form.status
    return render(request, "referrals/intake/check.html", context, status=status)


def _part(draft: Draft, page: Page, answers: Answers) -> dict[str, Any]:
    form = answers.forms.get(page.slug)
    rows = list(said(form)) if form is not None else []
    return {"title": page.title, "href": _change(draft, page), "rows": rows}


def _link(draft: Draft, item: MissingItem) -> tuple[str, str]:
    page = page_of(item.id)
    return item.sentence, _change(draft, page) if page is not None else ""


def _change(draft: Draft, page: Page) -> str:
    return reverse("refer-page", args=[draft.pk, page.slug]) + "?check"
