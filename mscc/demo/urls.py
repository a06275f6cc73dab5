"""Addresses that exist in the demo alone."""

from django.urls import include, path

from mscc.demo import views

urlpatterns = [
    path("inbox/", views.inbox, name="demo_inbox"),
    path("inbox/rows/", views.rows, name="demo_inbox_rows"),
    path("inbox/advance/", views.advance, name="demo_advance"),
    path("styleguide/", include("mscc.demo.styleguide")),
]
