"""Addresses of the coordinator's work."""

from django.urls import path

from scheduling.api import inbound
from scheduling.views import (
    board,
    breaches,
    browser,
    downtime,
    due_work,
    duty,
    going_on,
    handover,
    ladders,
    notices,
    rota,
    rota_files,
    rota_patterns,
    service,
    taking,
)

urlpatterns = [
    path("board/", board.board, name="board"),
    path("board/rows/", board.board_rows, name="board-rows"),
    path("board/due/", due_work.due_work, name="board-work"),
    path("board/search/", board.find, name="board-search"),
    path("board/wall/", board.wall, name="board-wall"),
    path("board/wall/rows/", board.wall_rows, name="board-wall-rows"),
    path("board/<reference:reference>/take/", taking.take, name="board-take"),
    path("board/<reference:reference>/missed/<uuid:clock_id>/", breaches.breach, name="breach"),
    path("duty/ladders/", ladders.ladders, name="ladders"),
    path("duty/ladders/<str:about>/", ladders.ladder, name="ladder"),
    path("notices/", notices.notices, name="notices"),
    path("notices/ack/<str:token>/", notices.acknowledge, name="acknowledge"),
    path(
        "notices/climbs/<uuid:escalation_id>/ack/", notices.acknowledge_from_board, name="climb-ack"
    ),
    path("notices/climbs/", notices.climbs, name="climbs"),
    path("notices/climbs/<uuid:escalation_id>/", notices.answer, name="climb"),
    path("duty/", duty.duty, name="duty"),
    path("duty/shifts/<uuid:shift_id>/remove/", duty.remove, name="shift-remove"),
    path("duty/turns/<uuid:shift_id>/", rota.shift, name="rota-shift"),
    path("duty/swaps/<uuid:swap_id>/", rota.answer, name="swap-answer"),
    path("duty/patterns/", rota_patterns.patterns, name="rota-patterns"),
    path("duty/patterns/new/", rota_patterns.new, name="rota-pattern-new"),
    path("duty/patterns/<uuid:pattern_id>/end/", rota_patterns.end, name="rota-pattern-end"),
    path("duty/import/", rota_files.import_file, name="rota-import"),
    path("duty/export.csv", rota_files.export, name="rota-export"),
    path("duty/calendar/", rota_files.my_calendar, name="rota-calendar"),
    path("duty/calendar/renew/", rota_files.renew_calendar, name="rota-calendar-renew"),
    path("duty/calendar/<str:token>.ics", rota_files.feed, name="rota-feed"),
    path("duty/start/", going_on.start, name="duty-start"),
    path("duty/start/<uuid:page_id>/arrived/", going_on.arrived, name="duty-test-arrived"),
    path("duty/tests/", going_on.tests, name="duty-tests"),
    path("handover/", handover.handovers, name="handovers"),
    path("handover/<uuid:handover_id>/", handover.handover, name="handover"),
    path("handover/<uuid:handover_id>/write/", handover.write, name="handover-write"),
    path("handover/<uuid:handover_id>/accept/", handover.accept, name="handover-accept"),
    path("service/", service.service, name="service"),
    path("service/downtime/<uuid:downtime_id>/end/", service.end_downtime, name="downtime-end"),
    path("browser/", browser.browser, name="browser"),
    path("inbound/govuk/receipts/", inbound.govuk_receipt, name="inbound-govuk-receipts"),
    path("inbound/govuk/replies/", inbound.govuk_reply, name="inbound-govuk-replies"),
    path("inbound/webhook/", inbound.webhook, name="inbound-webhook"),
    path("downtime/", downtime.downtime, name="downtime"),
    path("downtime/paper/<slug:key>/", downtime.paper, name="downtime-paper"),
    path("downtime/entry/", downtime.entry, name="downtime-entry"),
    path("downtime/entry/referral/", downtime.entry_referral, name="downtime-entry-referral"),
    path(
        "downtime/entry/<reference:reference>/", downtime.entry_sheet, name="downtime-entry-sheet"
    ),
]
