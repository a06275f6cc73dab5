"""Addresses of figures. None of them carries a person."""

from django.urls import path

from audit.views import exports, figures, measure, rows, service

urlpatterns = [
    path("figures/", figures.figures, name="figures"),
    path("figures/service/", service.service, name="figures-service"),
    path("figures/export/", exports.export, name="figures-export"),
    path("figures/<slug:key>/", measure.measure, name="figure"),
    path("figures/<slug:key>/rows/", rows.rows, name="figure-rows"),
]
