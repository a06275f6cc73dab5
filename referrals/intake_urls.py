"""The addresses of intake: the ward's form, what follows from it, and the status page."""

from django.urls import URLPattern, path

from referrals.views import (
    intake,
    intake_complete,
    intake_send,
    intake_sent,
    intake_signs,
    intake_telephone,
    status,
)

urlpatterns: list[URLPattern] = [
    path("refer/", intake.home, name="refer"),
    path("refer/new/", intake.new, name="refer-new"),
    path("refer/telephone/", intake_telephone.telephone, name="refer-telephone"),
    path("refer/telephone/look-up/", intake_telephone.look_up, name="refer-look-up"),
    path("refer/<uuid:draft_id>/discard/", intake.discard, name="refer-discard"),
    path("refer/<uuid:draft_id>/already-open/", intake.already_open, name="refer-already-open"),
    path("refer/<uuid:draft_id>/check/", intake_send.check, name="refer-check"),
    path("refer/<uuid:draft_id>/<slug:slug>/", intake.page, name="refer-page"),
    path("referrals/<reference:reference>/sent/", intake_sent.sent, name="referral-sent"),
    path(
        "referrals/<reference:reference>/new-signs/",
        intake_signs.new_signs,
        name="referral-new-signs",
    ),
    path(
        "referrals/<reference:reference>/complete/",
        intake_complete.complete,
        name="referral-complete",
    ),
    path("status/<str:token>/", status.status, name="status"),
]
