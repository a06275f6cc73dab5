"""The referral: one person's pathway from the first call to discharge, as a state machine.

This module says what *may* happen; `referrals/domain/` says what does. Nobody calls a transition
or saves a state except `referrals.domain.path`.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_fsm import RETURN_VALUE, ConcurrentTransitionMixin, FSMField, transition

from referrals.clinical.milestones import Suspicion
from referrals.states import CLOSED, OPEN, VERBS, State, allowed_verbs

SUSPICIONS = [
    (Suspicion.MSCC.value, "Suspected MSCC"),
    (Suspicion.SPINAL_METASTASES.value, "Suspected spinal metastases"),
    (Suspicion.NONE.value, "No suspicion of MSCC or spinal metastases"),
]


class Confirmed(models.TextChoices):
    NOT_YET = "", "Not yet known"
    MSCC = "mscc", "MSCC confirmed"
    SPINAL_METASTASES = "spinal_metastases", "Spinal metastases, no MSCC"
    RULED_OUT = "ruled_out", "MSCC and spinal metastases ruled out"


class Route(models.TextChoices):
    WARD_FORM = "ward_form", "Ward form"
    TELEPHONE = "telephone", "Telephone"
    API = "api", "Another system"


class Referral(ConcurrentTransitionMixin, models.Model):
    """See the module. `version` counts changes; `next_due_*` is a projection of the clocks."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=8, unique=True, editable=False)
    state = FSMField(default=State.REFERRED, choices=State, protected=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    patient = models.ForeignKey("Patient", on_delete=models.PROTECT, related_name="referrals")
    alliance = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    trust = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    hospital = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    # referral_ward begins with it.
    ward = models.ForeignKey(
        "people.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    place_note = models.CharField(max_length=120, blank=True)

    suspicion = models.CharField(max_length=20, choices=SUSPICIONS)
    confirmed = models.CharField(max_length=20, choices=Confirmed, blank=True, default="")
    provisional = models.JSONField(default=dict, editable=False)
    missing = models.JSONField(default=list, editable=False)

    route = models.CharField(max_length=10, choices=Route)
    received_at = models.DateTimeField()
    referred_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    referrer_name = models.CharField(max_length=120)
    referrer_role = models.CharField(max_length=120, blank=True)
    referrer_email = models.EmailField(blank=True)
    call_back = models.CharField(max_length=40)
    responsible_consultant = models.CharField(max_length=120, blank=True)
    consultant_aware = models.BooleanField(null=True)

    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    taken_at = models.DateTimeField(null=True)
    unread_since = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    next_due_at = models.DateTimeField(null=True, editable=False)
    next_due_kind = models.CharField(max_length=20, blank=True, editable=False)
    # Care that is due (scheduling.domain.work): when the first of it is, and whether a change since
    # may have moved it.
    care_due_at = models.DateTimeField(null=True, editable=False)
    care_stale = models.BooleanField(default=True, editable=False)
    status_token = models.CharField(max_length=43, unique=True, editable=False)

    changed_at = models.DateTimeField(editable=False)
    changed_by = models.CharField(max_length=120, editable=False)
    last_change = models.CharField(max_length=120, editable=False)

    class Meta:
        indexes = [
            # The board: open ones, the next due first (design: performance D1).
            models.Index(
                fields=["alliance", "next_due_at"],
                name="referral_board",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(
                fields=["trust", "next_due_at"],
                name="referral_board_trust",
                condition=Q(closed_at__isnull=True),
            ),
            # Few at any moment; found without reading what is open.
            models.Index(
                fields=["alliance", "unread_since"],
                name="referral_unread",
                condition=Q(unread_since__isnull=False),
            ),
            models.Index(fields=["ward", "-received_at"], name="referral_ward"),
            models.Index(
                fields=["changed_at"], name="referral_care_stale", condition=Q(care_stale=True)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="referral_state_is_known", condition=Q(state__in=State.values)
            ),
            models.CheckConstraint(
                name="referral_suspicion_is_known",
                condition=Q(suspicion__in=[key for key, _ in SUSPICIONS]),
            ),
            models.CheckConstraint(
                name="referral_closed_at_tells_the_state",
                condition=(
                    Q(state__in=[s.value for s in CLOSED], closed_at__isnull=False)
                    | Q(state__in=[s.value for s in OPEN], closed_at__isnull=True)
                ),
            ),
            models.CheckConstraint(
                name="referral_taken_by_and_at",
                condition=Q(taken_by__isnull=True, taken_at__isnull=True)
                | Q(taken_by__isnull=False, taken_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.state not in CLOSED

    @property
    def verbs(self) -> list[str]:
        """The names of the transitions that may start from here."""
        return [verb.name for verb in allowed_verbs(self.state)]

    @property
    def place(self) -> str:
        """Hospital and ward in words."""
        ward = self.ward.name if self.ward else self.place_note
        return f"{self.hospital.name}, {ward}" if ward else self.hospital.name

    def refresh_from_db(
        self, using: str | None = None, fields: Iterable[str] | None = None, **kwargs: Any
    ) -> None:
        """Reload without django-fsm's own version, which lifts the protection of the *class*.

        Its mixin flips `protected` on the shared field object while it reloads: another thread
        could write a state meanwhile, and one failed reload leaves it off for the whole process.
        """
        state = self.__dict__.pop("state", None)
        try:
            models.Model.refresh_from_db(self, using=using, fields=fields, **kwargs)
        finally:
            if "state" not in self.__dict__ and state is not None:
                self.__dict__["state"] = state

    @transition(state, source=VERBS["triage"].sources, target=State.TRIAGED)
    def triage(self) -> None:
        """A coordinator has judged what is suspected and how soon (1.1.15)."""

    @transition(state, source=VERBS["book_mri"].sources, target=State.MRI_BOOKED)
    def book_mri(self) -> None:
        """A slot is agreed with imaging (1.1.20). Stops no clock."""

    @transition(state, source=VERBS["decide_treatment"].sources, target=State.TREATMENT_DECIDED)
    def decide_treatment(self) -> None:
        """The decision to treat, or not to, is made (1.10.4, 1.11.1)."""

    @transition(state, source=VERBS["discharge"].sources, target=State.DISCHARGED)
    def discharge(self) -> None:
        """The person goes home or on, with a named lead (1.1.24)."""

    @transition(state, source=VERBS["redirect"].sources, target=State.REDIRECTED)
    def redirect(self) -> None:
        """Advice only, or another service (1.3.5, 1.3.6)."""

    @transition(state, source=VERBS["withdraw"].sources, target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """The referral should not go on: made in error, a duplicate, or the person died."""

    @transition(state, source=VERBS["reopen"].sources, target=RETURN_VALUE(*OPEN))
    def reopen(self, to: State) -> State:
        """Back to where the facts put it; what closing had ended resumes."""
        return to
