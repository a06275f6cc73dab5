"""Addresses of the pathway for programs."""

from django.urls import path

from referrals.api import care_commands, commands, reading, receiving, standing

_ONE = "referrals/<reference:reference>/"

urlpatterns = [
    path("places/", reading.Places.as_view()),
    path("referrals/", receiving.Referrals.as_view()),
    path(_ONE, reading.ReadReferral.as_view(), name="api-referral"),
    path(f"{_ONE}record/", reading.ReadRecord.as_view()),
    path(f"{_ONE}milestones/", reading.Milestones.as_view()),
    path(f"{_ONE}milestones/<uuid:milestone_id>/correct/", commands.CorrectMilestone.as_view()),
    path(f"{_ONE}take/", commands.TakeReferral.as_view()),
    path(f"{_ONE}triage/", commands.TriageReferral.as_view()),
    path(f"{_ONE}reassess/", commands.ReassessReferral.as_view()),
    path(f"{_ONE}new-signs/", commands.ReportNewSigns.as_view()),
    path(f"{_ONE}information/", commands.AddInformation.as_view()),
    path(f"{_ONE}advice/", commands.GiveAdvice.as_view()),
    path(f"{_ONE}book-mri/", commands.BookMri.as_view()),
    path(f"{_ONE}scan/", commands.RecordScan.as_view()),
    path(f"{_ONE}report/", commands.RecordReport.as_view()),
    path(f"{_ONE}opinions/", commands.AskOpinion.as_view()),
    path(f"{_ONE}opinions/<uuid:opinion_id>/answer/", commands.AnswerOpinion.as_view()),
    path(f"{_ONE}decide-treatment/", commands.DecideTreatment.as_view()),
    path(f"{_ONE}discharge/", commands.DischargeReferral.as_view()),
    path(f"{_ONE}assessment/", standing.ReadAssessment.as_view()),
    path(f"{_ONE}care/", standing.Care.as_view()),
    path(f"{_ONE}dexamethasone/", care_commands.RecordDexamethasone.as_view()),
    path(f"{_ONE}scores/", care_commands.RecordScore.as_view()),
    path(f"{_ONE}care-plan/", care_commands.MakeCarePlan.as_view()),
    path(f"{_ONE}pain-plan/", care_commands.RecordPainPlan.as_view()),
    path(f"{_ONE}sitting/", care_commands.RecordSitting.as_view()),
    path(f"{_ONE}discharge-plan/", care_commands.PlanDischarge.as_view()),
    path(f"{_ONE}follow-up/", care_commands.RecordFollowUp.as_view()),
    path(f"{_ONE}redirect/", commands.RedirectReferral.as_view()),
    path(f"{_ONE}withdraw/", commands.WithdrawReferral.as_view()),
    path(f"{_ONE}reopen/", commands.ReopenReferral.as_view()),
]
