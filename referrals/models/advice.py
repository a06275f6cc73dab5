"""Initial advice to the referrer on the five topics of 1.1.16."""

from django.db import models

from referrals.models.recorded import Recorded


class Advice(Recorded):
    class How(models.TextChoices):
        PHONE = "phone", "By phone"
        WRITING = "writing", "In writing"

    pain = models.TextField(blank=True)
    stability = models.TextField(blank=True)
    immobilisation = models.TextField(blank=True)
    dexamethasone = models.TextField(blank=True)
    transfer = models.TextField(blank=True)
    given_to = models.CharField(max_length=120)
    how = models.CharField(max_length=10, choices=How)
    read_back = models.BooleanField(default=False)

    class Meta(Recorded.Meta):
        verbose_name_plural = "advice"

    @property
    def topics(self) -> list[tuple[str, str]]:
        """(topic in words, advice) for each topic that was advised on."""
        named = (
            ("Pain", self.pain),
            ("Spinal stability", self.stability),
            ("Immobilisation", self.immobilisation),
            ("Dexamethasone", self.dexamethasone),
            ("Referral and transfer", self.transfer),
        )
        return [(topic, text) for topic, text in named if text]
