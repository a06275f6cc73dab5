"""What programs are told of clocks, pages and messages."""

from typing import Any

from rest_framework import serializers

from mscc.rest.serializers import Instant, Shown
from referrals.clinical.library import target, targets
from referrals.clinical.milestones import Suspicion
from referrals.models.referral import Confirmed
from referrals.states import State
from scheduling.models import BreachRecord, Escalation
from scheduling.notify.models import Channel, Kind
from scheduling.notify.models import State as NoticeState
from scheduling.timekeeping.clocks import ClockState
from scheduling.timekeeping.standing import Severity, standing

KINDS = [each.key for each in targets()]


class ClockSerializer(Shown):
    """A clock as it stands now. `word` is what a screen says of it."""

    kind = serializers.ChoiceField(choices=KINDS)
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=[each.value for each in ClockState])
    severity = serializers.ChoiceField(choices=[each.value for each in Severity])
    word = serializers.CharField()
    seconds = serializers.IntegerField(
        help_text="What is left, or was to spare when it stopped; negative when late."
    )
    due_at = Instant()
    at_risk_at = Instant()
    stopped_at = Instant(allow_null=True)

    def to_representation(self, clock: Any) -> dict[str, Any]:
        how = standing(clock, self.context["at"])
        shown: dict[str, Any] = super().to_representation(
            {
                "kind": clock.kind,
                "name": target(clock.kind).name,
                "state": clock.state,
                "severity": how.severity.value,
                "word": how.word,
                "seconds": how.seconds,
                "due_at": clock.due_at,
                "at_risk_at": clock.at_risk_at,
                "stopped_at": clock.stopped_at,
            }
        )
        return shown


class BoardPageOfSerializer(Shown):
    """The page that matters now on a referral of the board."""

    id = serializers.UUIDField()
    about = serializers.ChoiceField(choices=Escalation.About.values)
    state = serializers.ChoiceField(choices=Escalation.State.values)
    opened_at = Instant()
    answered_by = serializers.CharField()
    answered_at = Instant(allow_null=True)
    look_again_at = Instant(allow_null=True, help_text="When it rings again if it is not done.")
    sent_at = Instant(allow_null=True)


class BoardRowSerializer(Shown):
    """One open referral of the board."""

    reference = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(choices=State.values)
    suspicion = serializers.ChoiceField(choices=[each.value for each in Suspicion])
    confirmed = serializers.ChoiceField(choices=Confirmed.values)
    family_name = serializers.CharField()
    given_name = serializers.CharField()
    date_of_birth = serializers.DateField(allow_null=True)
    hospital = serializers.CharField()
    ward = serializers.CharField(allow_null=True)
    place_note = serializers.CharField()
    call_back = serializers.CharField()
    taken_by = serializers.CharField(source="holder", allow_null=True)
    unread_since = Instant(allow_null=True)
    next_due_at = Instant(allow_null=True)
    next_due_kind = serializers.CharField()
    missing = serializers.ListField(child=serializers.CharField())
    clocks = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField()

    def get_clocks(self, row: Any) -> list[dict[str, Any]]:
        """The referral's clocks, running ones first."""
        found = self.context["details"][row.id].clocks
        return ClockSerializer(found, many=True, context=self.context).data

    def get_page(self, row: Any) -> dict[str, Any] | None:
        """The page that matters now."""
        climb = self.context["details"][row.id].climb
        return BoardPageOfSerializer(climb).data if climb else None


class CountsSerializer(Shown):
    """The figures of the whole board, whatever it is narrowed to."""

    open = serializers.IntegerField()
    overdue = serializers.IntegerField()
    at_risk = serializers.IntegerField()
    unread = serializers.IntegerField()


class BoardSerializer(Shown):
    """A page of the board at a moment."""

    at = Instant()
    counts = CountsSerializer()
    results = BoardRowSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class ClocksSerializer(Shown):
    """Every clock of a referral, running ones first, at a moment."""

    at = Instant()
    results = ClockSerializer(many=True)


class BreachRecordSerializer(Shown):
    """What somebody said of a missed target."""

    reason = serializers.ChoiceField(choices=BreachRecord.Reason.values)
    words = serializers.CharField()
    owner = serializers.CharField(help_text="Who follows it up.")
    incident = serializers.BooleanField()
    incident_number = serializers.CharField()
    said_by = serializers.CharField(source="by.name")
    said_at = Instant(source="at")


class BreachSerializer(Shown):
    """One missed target; what was said of it, the last word last, is empty until somebody does."""

    kind = serializers.ChoiceField(choices=KINDS)
    due_at = Instant()
    stopped_at = Instant(allow_null=True)
    said = BreachRecordSerializer(many=True)


class BreachesSerializer(Shown):
    """The missed targets of a referral at a moment."""

    at = Instant()
    results = BreachSerializer(many=True)


class PageSerializer(Shown):
    """One climb of a ladder: people are paged, one after the other, until somebody answers."""

    id = serializers.UUIDField()
    reference = serializers.CharField(source="referral.reference")
    about = serializers.ChoiceField(choices=Escalation.About.values)
    target = serializers.CharField(source="clock.kind", default="")
    state = serializers.ChoiceField(choices=Escalation.State.values)
    rung = serializers.IntegerField(help_text="Counted from 0.")
    round = serializers.IntegerField(help_text="Counted from 1.")
    opened_at = Instant()
    due_at = Instant(allow_null=True)
    next_at = Instant(allow_null=True, help_text="When the next person is told.")
    ended_at = Instant(allow_null=True)
    acknowledged_by = serializers.CharField(
        source="acknowledged_by.name", default=None, allow_null=True
    )
    acknowledged_via = serializers.ChoiceField(choices=["", *Escalation.Via.values])
    on_behalf_of = serializers.CharField(help_text="Who rang, when somebody else answered.")
    look_again_at = Instant(allow_null=True, help_text="When it rings again if it is not done.")
    trouble = serializers.CharField(source="last_error")


class PagePageSerializer(Shown):
    """Pages, the latest first; `next` is where the following ones are."""

    results = PageSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class NoticeSerializer(Shown):
    """One message to one person by one channel."""

    id = serializers.UUIDField()
    reference = serializers.CharField(source="about_reference", allow_null=True)
    kind = serializers.ChoiceField(choices=Kind.values)
    channel = serializers.ChoiceField(choices=Channel.values)
    recipient = serializers.CharField(source="recipient_name")
    state = serializers.ChoiceField(choices=NoticeState.values)
    attempts = serializers.IntegerField()
    page = serializers.UUIDField(source="escalation_id", allow_null=True)
    created_at = Instant()
    sent_at = Instant(allow_null=True)
    failed_at = Instant(allow_null=True)
    trouble = serializers.CharField(source="last_error")


class NoticePageSerializer(Shown):
    """Messages, the latest first; `next` is where the following ones are."""

    results = NoticeSerializer(many=True)
    next = serializers.CharField(allow_null=True)
