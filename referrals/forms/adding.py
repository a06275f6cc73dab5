"""One page for each kind of key information: what every such form shares (1.1.15)."""

from typing import Any, ClassVar

from mscc.people.models import User
from mscc.people.roles import Permission
from referrals.domain.intake import Addition
from referrals.domain.queries.person import Story
from referrals.forms.steps import StepForm


class AddForm(StepForm):
    """`story` is what is on record; `only_for` a permission that this section needs besides."""

    heading = ""
    only_for: ClassVar[Permission | None] = None

    def __init__(
        self,
        *args: Any,
        story: Story,
        by: User,
        **kwargs: Any,
    ) -> None:
        self.story, self.by = story, by
        self.known, self.patient = story.facts, story.referral.patient
        given = kwargs.pop("initial", None) or {}
        super().__init__(*args, initial=self.proposed() | given, **kwargs)

    def proposed(self) -> dict[str, Any]:
        """What the fields hold before anything is typed."""
        return {}

    def details(self) -> Addition:
        raise NotImplementedError

    def section(self, name: str) -> dict[str, Any]:
        """The recorded values of a section, by column."""
        start = f"{name}."
        return {
            key.removeprefix(start): value
            for key, value in self.known.items()
            if key.startswith(start) and value not in (None, "", "not_known")
        }
