"""When a command that is sent again was first answered."""

from datetime import datetime

from referrals.models import AnsweredCommand


def answered_at(user_id: int, key: str) -> datetime | None:
    """The moment the command under this key took place; None when it did not."""
    answers = AnsweredCommand.objects.filter(actor_id=user_id, key=key)
    return answers.values_list("answered_at", flat=True).first()
