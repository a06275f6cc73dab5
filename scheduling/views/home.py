"""The first page after signing in: whatever this person works from."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from mscc import clock
from mscc.people.roles import Permission
from scheduling.domain.queries.board import board_places
from scheduling.domain.queries.figures import open_and_overdue
from scheduling.views.board import board


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The board, the ward's page, the questions asked of a specialty, or figures without names."""
    user = request.user
    if board_places(user):
        return board(request)
    if user.can(Permission.REFER):
        return redirect("/refer/")
    if user.can(Permission.SEE_ASKED):
        return redirect("/opinions/")
    at = clock.now()
    figures = open_and_overdue(user, at) if user.can(Permission.SEE_FIGURES) else None
    context = {
        "figures": figures,
        "at": at,
        "manages": user.can(Permission.MANAGE_PEOPLE),
    }
    return render(request, "scheduling/home.html", context)
