"""Every address of the service. Whatever is not marked otherwise asks for a sign-in."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from mscc.health import healthz, readyz
from mscc.people.views import admin_door, sign_out
from scheduling.views.home import home
from scheduling.views.metrics import figures

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", figures, name="metrics"),
    path("accounts/", include("mscc.people.accounts")),
    path("me/", include("mscc.people.urls")),
    path("api/v1/", include("mscc.api")),
    path("", home, name="home"),
    path("", include("scheduling.urls")),
    path("", include("audit.report_urls")),
    path("", include("audit.urls")),
    # The admin site has no door of its own: signing in is in one place, with its second step.
    path("admin/login/", admin_door),
    path("admin/logout/", sign_out),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
    path("", include("referrals.intake_urls")),
    path("", include("referrals.urls")),
]

if settings.DEMO:
    urlpatterns.append(path("", include("mscc.demo.urls")))

handler400 = "mscc.web.errors.bad_request"
handler403 = "mscc.web.errors.forbidden"
handler404 = "mscc.web.errors.not_found"
handler500 = "mscc.web.errors.server_error"
