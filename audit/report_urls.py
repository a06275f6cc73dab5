"""Addresses of the steering group and its reports. None of them carries a person."""

from django.urls import path

from audit.views import meetings, report_files, reports, steering

urlpatterns = [
    path("steering/", steering.steering, name="steering"),
    path("steering/form/", steering.form_group, name="steering-form"),
    path("steering/report-day/", steering.report_day, name="steering-report-day"),
    path("steering/members/new/", steering.member_new, name="steering-member-new"),
    path("steering/members/<int:member_id>/", steering.member_leave, name="steering-member"),
    path("steering/actions/new/", steering.action_new, name="steering-action-new"),
    path("steering/actions/<uuid:action_id>/", steering.action_finish, name="steering-action"),
    path("steering/meetings/new/", meetings.meeting_new, name="steering-meeting-new"),
    path("steering/meetings/<uuid:meeting_id>/", meetings.meeting, name="steering-meeting"),
    path(
        "steering/meetings/<uuid:meeting_id>/change/",
        meetings.meeting_change,
        name="steering-meeting-change",
    ),
    path(
        "steering/meetings/<uuid:meeting_id>/held/",
        meetings.meeting_hold,
        name="steering-meeting-hold",
    ),
    path(
        "steering/meetings/<uuid:meeting_id>/<slug:step>/",
        meetings.meeting_step,
        name="steering-meeting-step",
    ),
    path("steering/pathways/new/", meetings.document_new, name="steering-document-new"),
    path("steering/pathways/<uuid:document_id>/", meetings.document, name="steering-document"),
    path(
        "steering/pathways/<uuid:document_id>/<slug:step>/",
        meetings.document_step,
        name="steering-document-step",
    ),
    path("reports/", reports.report_list, name="reports"),
    path("reports/prepare/", reports.prepare, name="report-prepare"),
    path("reports/<uuid:report_id>/", reports.report, name="report"),
    path("reports/<uuid:report_id>/report.pdf", report_files.as_pdf, name="report-pdf"),
    path("reports/<uuid:report_id>/report.csv", report_files.as_csv, name="report-csv"),
    path("reports/<uuid:report_id>/report.json", report_files.as_json, name="report-json"),
    path("reports/<uuid:report_id>/say/<slug:part>/", reports.comment, name="report-comment"),
    path("reports/<uuid:report_id>/return/", reports.send_back, name="report-return"),
    path("reports/<uuid:report_id>/reissue/", reports.reissue, name="report-reissue"),
    path("reports/<uuid:report_id>/step/<slug:verb>/", reports.step, name="report-step"),
]
