"""The ward's own page, and the pages of its form up to the last one."""

from datetime import datetime
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mscc import clock
from mscc.people.roles import Permission
from referrals.clinical import library
from referrals.domain import drafts
from referrals.domain.queries.intake import open_referrals_for, referred_by_ward
from referrals.forms.base import Form
from referrals.forms.intake import BY_SLUG, CHECK, PAGES, SECOND, Answers, Page, Ward
from referrals.forms.intake_person import SecondReferralForm
from referrals.forms.intake_typed import typed_in
from referrals.models import Draft
from referrals.views.intake_common import (
    on_duty_for,
    on_now_and_next,
    own_draft,
    read,
    record_search,
    ward_of,
)
from referrals.views.intake_grant import grant_for
from referrals.views.intake_send import send

FIRST = PAGES[0].slug


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """My drafts, what my ward referred with what is due next, and the way to refer."""
    ward_of(request)
    at = clock.now()
    context = {
        "at": at,
        "drafts": [
            (draft, _name_on(draft), _resume(draft)) for draft in drafts.unsent_of(request.user)
        ],
        "referrals": referred_by_ward(request.user),
        "due_names": {target.key: target.short_name for target in library.targets()},
        "duty": on_duty_for(request),
        "covers": on_now_and_next(request),
        "kept_days": drafts.KEPT_FOR.days,
        "telephone": request.user.can(Permission.REFER_FOR_OTHERS),
    }
    return render(request, "referrals/intake/home.html", context)


def _name_on(draft: Draft) -> str:
    """What its writer knows a draft by: the name typed so far."""
    typed = draft.data.get("person", {})
    parts = [*typed.get("family_name", [""])[:1], *typed.get("given_name", [""])[:1]]
    return ", ".join(part.strip() for part in parts if part.strip())


def _resume(draft: Draft) -> str:
    """Where its writer left off: the first page not yet typed, or the one that checks it all."""
    for each in PAGES:
        if each.slug not in draft.data:
            return reverse("refer-page", args=[draft.pk, each.slug])
    return reverse("refer-check", args=[draft.pk])


@require_GET
def new(request: HttpRequest) -> HttpResponse:
    """A new form. Nothing is kept until something was typed."""
    ward_of(request)
    return redirect("refer-page", uuid4(), FIRST)


@require_POST
def discard(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Throw a draft of one's own away."""
    if not drafts.discard(request.user, draft_id):
        raise Http404
    messages.success(request, "The draft was thrown away. Nothing was sent.")
    return redirect("refer")


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, draft_id: UUID, slug: str) -> HttpResponse:
    """One page of the form."""
    ward, at = ward_of(request), clock.now()
    this = BY_SLUG.get(slug)
    draft = drafts.of_writer(request.user, draft_id)
    if this is None or (draft is None and slug != FIRST):
        raise Http404
    if draft is not None and draft.referral is not None:
        return redirect("referral-sent", draft.referral.reference)
    if request.method == "POST":
        return _save(request, ward, draft_id, this)
    typed = drafts.typed_on(draft, slug)
    if typed is not None and "check" in request.GET:
        form = ward.form(this, typed, at)
    else:
        form = ward.unsent(this, typed, at)
    return _page(request, this, form, read(ward, draft, at), draft_id)


def _save(request: HttpRequest, ward: Ward, draft_id: UUID, this: Page) -> HttpResponse:
    at = clock.now()
    form = ward.form(this, request.POST, at)
    typed = typed_in(form, request.POST)
    if this.slug == FIRST:
        _forget_reason(request, draft_id, typed, at)
    draft = drafts.save(draft_id, request.user, this.slug, typed, at)
    if draft is None:
        # Sent meanwhile, from another window: there is where it went.
        return redirect("refer-page", own_draft(request, draft_id).pk, FIRST)
    go = request.POST.get("go", "")
    if go == "later":
        messages.success(request, "The draft is kept.\nNothing was sent. Nobody was told.")
        return redirect("refer")
    answers = read(ward, draft, at)
    if not form.is_valid():
        return _page(request, this, form, answers, draft_id)
    if this.slug == FIRST and not answers.second_reason:
        if open_referrals_for(request.user, form.cleaned_data.get("nhs_number") or ""):
            return redirect("refer-already-open", draft_id)
    if go == "send":
        return send(request, ward, draft_id)
    if "check" in request.GET:
        return redirect("refer-check", draft_id)
    return redirect(_after(this, draft_id))


def _forget_reason(
    request: HttpRequest, draft_id: UUID, typed: dict[str, list[str]], at: datetime
) -> None:
    """A reason for a second referral is about one person: another number takes it back."""
    draft = drafts.of_writer(request.user, draft_id)
    if draft is not None and draft.data.get(FIRST, typed) != typed:
        drafts.save(draft_id, request.user, SECOND, {}, at)


def _after(this: Page, draft_id: UUID) -> str:
    following = PAGES[PAGES.index(this) + 1 :]
    if not following:
        return reverse("refer-check", args=[draft_id])
    return reverse("refer-page", args=[draft_id, following[0].slug])


def _before(this: Page, draft_id: UUID) -> str:
    place = PAGES.index(this)
    if place == 0:
        return reverse("refer")
    return reverse("refer-page", args=[draft_id, PAGES[place - 1].slug])


def _page(
    request: HttpRequest, this: Page, form: Form, answers: Answers, draft_id: UUID
) -> HttpResponse:
    asks_signs = this.slug == "noticed"
    context = {
        "page": this,
        "of": CHECK,
        "form": form,
        "draft_id": draft_id,
        "back": _before(this, draft_id),
        "emergency": answers.emergency,
        "asks_signs": asks_signs,
        "may_send": answers.sendable_on(this),
        "duty": on_duty_for(request) if asks_signs or answers.emergency else None,
    }
    return render(request, "referrals/intake/page.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
def already_open(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The same person has an open referral: add to it, or say why a second one is needed."""
    ward, at = ward_of(request), clock.now()
    draft = own_draft(request, draft_id)
    if draft.referral is not None:
        return redirect("referral-sent", draft.referral.reference)
    number = read(ward, draft, at).said(FIRST).get("nhs_number") or ""
    found = open_referrals_for(request.user, number)
    if not found:
        return redirect("refer-page", draft_id, PAGES[1].slug)
    form = SecondReferralForm(request.POST or None, at=at)
    if request.method == "POST":
        drafts.save(draft_id, request.user, SECOND, typed_in(form, request.POST), at)
        if form.is_valid():
            return redirect("refer-page", draft_id, PAGES[1].slug)
    record_search(request, found)
    context = {
        "form": form,
        "found": [(each, grant_for(request.user, each.id)) for each in found],
        "draft_id": draft_id,
        "duty": on_duty_for(request),
    }
    return render(request, "referrals/intake/already_open.html", context, status=form.status)
