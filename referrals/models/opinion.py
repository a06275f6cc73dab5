"""An opinion asked of one of 1.1.9's specialties through its single point of contact (1.1.10)."""

from django.conf import settings
from django.db import models

from mscc.people.models import Specialty
from referrals.models.recorded import Recorded


class Opinion(Recorded):
    """`occurred_at` is when it was asked."""

    specialty = models.CharField(max_length=20, choices=Specialty)
    asked_of = models.CharField(max_length=120, blank=True)
    question = models.TextField()
    # When an answer is needed; from then on it is overdue and people are told.
    due_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=120, blank=True)
    # As recorded_by: no query asks for it.
    answer_recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    answer = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        indexes = [models.Index(fields=["specialty", "referral"], name="opinion_of_specialty")]
