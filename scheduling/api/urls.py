"""Addresses of the board and the pages for programs."""

from django.urls import path

from scheduling.api import board, pages

urlpatterns = [
    path("board/", board.Board.as_view()),
    path("referrals/<reference:reference>/clocks/", board.Clocks.as_view()),
    path("referrals/<reference:reference>/breaches/", board.Breaches.as_view()),
    path("pages/", pages.Pages.as_view()),
    path("pages/<uuid:page_id>/acknowledge/", pages.AcknowledgePage.as_view()),
    path("pages/<uuid:page_id>/hand-on/", pages.HandOnPage.as_view()),
    path("notices/", pages.Notices.as_view()),
]
