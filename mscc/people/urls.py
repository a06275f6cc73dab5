"""Addresses of one's own page."""

from django.urls import path

from mscc.people import views

urlpatterns = [
    path("", views.me, name="me"),
    path("contacts/", views.add_contact, name="me-contact-add"),
    path("contacts/<int:contact_id>/remove/", views.remove_contact, name="me-contact-remove"),
    path("sessions/<slug:handle>/end/", views.end_session, name="me-session-end"),
    path("token/", views.make_token, name="me-token-make"),
    path("token/remove/", views.drop_token, name="me-token-drop"),
    path("kept/<uuid:kept_id>/", views.held_submission, name="held-submission"),
    path("kept/<uuid:kept_id>/throw-away/", views.drop_held, name="held-submission-drop"),
]
