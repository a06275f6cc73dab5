"""One's own page, signing out, and what was kept of a late form."""

from uuid import UUID

from allauth.account import views as account
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from mscc import clock
from mscc.events import Actor
from mscc.people import changes, held
from mscc.people.forms import ContactForm
from mscc.people.models import ContactPoint


@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """Who I am here: my roles, how I am reached, where I am signed in."""
    return _page(request, ContactForm())


@require_POST
def add_contact(request: HttpRequest) -> HttpResponse:
    """Add a way to reach me."""
    form = ContactForm(request.POST, instance=ContactPoint(user=request.user))
    if not form.is_valid():
        return _page(request, form, status=422)
    contact = form.save(commit=False)
    changes.add_contact(contact, by=Actor.user(request.user), at=clock.now())
    return redirect("me")


@require_POST
def remove_contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Remove one of my contact points."""
    me_now = Actor.user(request.user)
    if not changes.remove_contact(request.user, contact_id, by=me_now, at=clock.now()):
        raise Http404
    return redirect("me")


@require_POST
def end_session(request: HttpRequest, handle: str) -> HttpResponse:
    """Sign one of my browsers out."""
    me_now = Actor.user(request.user)
    if not changes.end_session(request.user, handle, by=me_now, at=clock.now()):
        raise Http404
    return redirect("me")


@require_POST
def make_token(request: HttpRequest) -> HttpResponse:
    """Make a token for the API and show it this once."""
    token = changes.new_token(request.user, by=Actor.user(request.user), at=clock.now())
    return _page(request, ContactForm(), token=token)


@require_POST
def drop_token(request: HttpRequest) -> HttpResponse:
    """Make my token useless."""
    changes.drop_token(request.user, by=Actor.user(request.user), at=clock.now())
    return redirect("me")


@require_GET
def held_submission(request: HttpRequest, kept_id: UUID) -> HttpResponse:
    """What I had typed when I was signed out, with a button that sends it now."""
    kept = held.held_for(request.user, kept_id, clock.real_now())
    if kept is None:
        raise Http404
    return render(request, "account/kept.html", {"kept": kept})


@require_POST
def drop_held(request: HttpRequest, kept_id: UUID) -> HttpResponse:
    """Throw away what was kept."""
    held.drop_for(request.user.pk, kept_id)
    return redirect("/")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End the session, and ask the browser to forget what it kept of it."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(reverse("account_login"))
    response = account.logout(request)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def admin_door(request: HttpRequest) -> HttpResponse:
    """Where the admin site sends people to sign in; who is signed in goes in, or may not."""
    if request.user.is_staff:
        return redirect("admin:index")
    raise PermissionDenied


def _page(
    request: HttpRequest, form: ContactForm, *, token: str = "", status: int = 200
) -> HttpResponse:
    sessions = [
        {
            "handle": changes.session_handle(row),
            "device": row.device,
            "started_at": row.started_at,
            "seen_at": row.seen_at,
            "this": row.session_key == request.session.session_key,
        }
        for row in changes.open_sessions(request.user, clock.real_now())
    ]
    context = {
        "form": form,
        "contacts": request.user.contacts.all(),
        "sessions": sessions,
        "token_until": changes.token_until(request.user, clock.now()),
        "token": token,
    }
    return render(request, "people/me.html", context, status=status)
