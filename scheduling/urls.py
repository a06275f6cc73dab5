"""Addresses of the coordinator's work."""

from django.urls import path

from scheduling.views import board, due_work, duty, notices, service, taking

urlpatterns = [
    path("board/", board.board, name="board"),
    path("board/rows/", board.board_rows, name="board-rows"),
    path("board/work/", due_work.due_work, name="board-work"),
    path("board/search/", board.find, name="board-search"),
    path("board/wall/", board.wall, name="board-wall"),
    path("board/wall/rows/", board.wall_rows, name="board-wall-rows"),
    path("board/<reference:reference>/take/", taking.take, name="board-take"),
    path("notices/", notices.notices, name="notices"),
    path("notices/ack/<str:token>/", notices.acknowledge, name="acknowledge"),
    path(
        "notices/climbs/<uuid:escalation_id>/ack/", notices.acknowledge_from_board, name="climb-ack"
    ),
    path("duty/", duty.duty, name="duty"),
    path("duty/shifts/<uuid:shift_id>/remove/", duty.remove, name="shift-remove"),
    path("service/", service.service, name="service"),
]
