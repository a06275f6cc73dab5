"""Why a command did not take place, in a sentence that says what to do next.

`status` is the HTTP status of the same refusal over the API.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mscc import clock
from referrals.states import State, allowed_verbs


class Refused(Exception):
    """Nothing was changed. `sentence` is for the person, `code` for a program."""

    code = "refused"
    status = 400

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Invalid(Refused):
    """What was entered cannot be right: a sentence a field."""

    code = "invalid"
    status = 422

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


class NeedsConfirmation(Invalid):
    """Possible, but so unlikely or so late that a person has to say it is right."""

    code = "needs_confirmation"


class Conflict(Refused):
    """Right in itself, but not with what the referral has become."""

    code = "conflict"
    status = 409


class IllegalTransition(Conflict):
    """`allowed` names the verbs that are possible now."""

    code = "illegal_transition"

    def __init__(self, verb: str, state: str) -> None:
        self.allowed = [each.name for each in allowed_verbs(state)]
        allowed = ", ".join(f"‘{each.label}’" for each in allowed_verbs(state)) or "nothing"
        super().__init__(
            f"This referral is ‘{State(state).label}’; ‘{verb}’ is not possible now. "
            f"Allowed: {allowed}."
        )


class StaleVersion(Conflict):
    code = "stale_version"

    def __init__(self, changed_by: str, changed_at: datetime, last_change: str) -> None:
        when = clock.local(changed_at)
        super().__init__(
            f"{changed_by} changed this referral at {when:%H:%M} on {when.day} {when:%B} "
            f"({last_change}). Look at what changed; your text is kept."
        )


class KeyReused(Refused):
    code = "idempotency_key_reused"
    status = 422

    def __init__(self) -> None:
        super().__init__("This key was used for a different request. Use a new key.")


class Repeated(Exception):
    """The command took place before under the same key; `answer` is what was answered then."""

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__("repeated")
        self.answer = answer
