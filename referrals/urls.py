"""The addresses of a person's pathway. They carry a reference and never anything of the person."""

from django.urls import URLPattern, path

from referrals.views import (
    care,
    care_plan,
    closing,
    deciding,
    going_home,
    guideline,
    imaging,
    information,
    judging,
    leaflet,
    letter,
    opinions,
    pain,
    scores,
    sitting,
    steroids,
)
from referrals.views import person as person_views

_ONE = "referrals/<reference:reference>/"

urlpatterns: list[URLPattern] = [
    path("guideline/", guideline.guideline, name="guideline"),
    path("opinions/", opinions.asked, name="opinions"),
    path(_ONE, person_views.person, name="referral"),
    path(f"{_ONE}print/", person_views.printed, name="referral-print"),
    path(f"{_ONE}letter/", letter.letter, name="referral-letter"),
    path(f"{_ONE}take/", judging.Take.as_view(), name="referral-take"),
    path(f"{_ONE}triage/", judging.Triage.as_view(), name="referral-triage"),
    path(f"{_ONE}reassess/", judging.Reassess.as_view(), name="referral-reassess"),
    path(f"{_ONE}advise/", judging.Advise.as_view(), name="referral-advise"),
    path(f"{_ONE}book-mri/", imaging.BookMri.as_view(), name="referral-book-mri"),
    path(f"{_ONE}scan/", imaging.RecordScan.as_view(), name="referral-scan"),
    path(f"{_ONE}report/", imaging.RecordReport.as_view(), name="referral-report"),
    path(f"{_ONE}ask/", opinions.Ask.as_view(), name="referral-ask"),
    path(f"{_ONE}opinions/<uuid:opinion_id>/", opinions.Answer.as_view(), name="referral-answer"),
    path(f"{_ONE}decide/", deciding.Decide.as_view(), name="referral-decide"),
    path(f"{_ONE}record/", deciding.RecordMilestone.as_view(), name="referral-milestone"),
    path(
        f"{_ONE}correct/<uuid:milestone_id>/", deciding.Correct.as_view(), name="referral-correct"
    ),
    path(f"{_ONE}add/<slug:section>/", information.Add.as_view(), name="referral-add"),
    path(f"{_ONE}scores/<slug:tool>/", scores.RecordScore.as_view(), name="referral-score"),
    path(f"{_ONE}care/", care.RecordCare.as_view(), name="referral-care"),
    path(f"{_ONE}care-plan/", care_plan.MakeCarePlan.as_view(), name="referral-care-plan"),
    path(f"{_ONE}care-plan/print/", care_plan.printed, name="referral-care-plan-print"),
    path(
        f"{_ONE}discharge-plan/",
        going_home.PlanDischarge.as_view(),
        name="referral-discharge-plan",
    ),
    path(
        f"{_ONE}follow-up/<int:day>/",
        going_home.RecordFollowUp.as_view(),
        name="referral-follow-up",
    ),
    path(f"{_ONE}information/", leaflet.information, name="referral-information"),
    path(f"{_ONE}dexamethasone/", steroids.RecordDexamethasone.as_view(), name="referral-steroids"),
    path(
        f"{_ONE}dexamethasone/<uuid:entry_id>/take-back/",
        steroids.TakeBackDexamethasone.as_view(),
        name="referral-steroids-take-back",
    ),
    path(f"{_ONE}pain-plan/", pain.PlanPain.as_view(), name="referral-pain-plan"),
    path(f"{_ONE}sitting/", sitting.RecordSitting.as_view(), name="referral-sitting"),
    path(f"{_ONE}discharge/", closing.DischargePerson.as_view(), name="referral-discharge"),
    path(f"{_ONE}redirect/", closing.Redirect.as_view(), name="referral-redirect"),
    path(f"{_ONE}withdraw/", closing.Withdraw.as_view(), name="referral-withdraw"),
    path(f"{_ONE}reopen/", closing.Reopen.as_view(), name="referral-reopen"),
]
