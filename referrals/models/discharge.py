"""Planned discharge, led by a named person (1.1.24), and the letter to primary care."""

from django.db import models

from referrals.models.recorded import Recorded


class Discharge(Recorded):
    class Destination(models.TextChoices):
        HOME = "home", "Home"
        CARE_HOME = "care_home", "Care home"
        HOSPICE = "hospice", "Hospice"
        REHABILITATION = "rehabilitation", "Rehabilitation unit"
        OTHER_HOSPITAL = "other_hospital", "Another hospital"
        DIED = "died", "Died in hospital"

    lead_name = models.CharField(max_length=120)
    lead_role = models.CharField(max_length=120, blank=True)
    lead_phone = models.CharField(max_length=40, blank=True)
    destination = models.CharField(max_length=20, choices=Destination)
    mobility_at_discharge = models.CharField(max_length=20, blank=True)
    follow_up = models.TextField(blank=True)
    equipment_and_support = models.TextField(blank=True)
    dexamethasone_plan = models.TextField(blank=True)
    new_symptoms_contact = models.CharField(max_length=200, blank=True)
    open_items = models.JSONField(default=list)
    open_items_reason = models.CharField(max_length=300, blank=True)
