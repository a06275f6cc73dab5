"""One scan of the spine: booked, performed, reported (1.5.1 to 1.5.8)."""

from django.db import models

from referrals.models.recorded import Recorded


class MriScan(Recorded):
    """`occurred_at` is when it was booked. A CT takes its place when MRI is contraindicated."""

    class Modality(models.TextChoices):
        MRI = "mri", "MRI"
        CT = "ct", "CT instead of MRI"

    class Outcome(models.TextChoices):
        MSCC = "mscc", "Cord or cauda equina compression"
        SPINAL_METASTASES = "spinal_metastases", "Spinal metastases, no compression"
        RULED_OUT = "ruled_out", "Neither"
        INCONCLUSIVE = "inconclusive", "Inconclusive: more imaging needed"

    modality = models.CharField(max_length=3, choices=Modality, default=Modality.MRI)
    slot_at = models.DateTimeField(null=True, blank=True)
    place = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    transfer_reason = models.CharField(max_length=300, blank=True)
    overnight_reason = models.CharField(max_length=300, blank=True)
    late_reason = models.CharField(max_length=300, blank=True)
    contraindication = models.CharField(max_length=300, blank=True)
    performed_at = models.DateTimeField(null=True, blank=True)
    whole_spine = models.BooleanField(null=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    reported_by = models.CharField(max_length=120, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    report = models.TextField(blank=True)
