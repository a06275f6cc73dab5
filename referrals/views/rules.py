"""What the rules say about a person, as templates/components/rules.html shows it."""

from collections.abc import Callable
from datetime import datetime

from referrals.clinical.facts import Facts
from referrals.clinical.presentation import Answer
from referrals.clinical.reasoning import Conclusion
from referrals.domain.queries.facts import facts_of
from referrals.domain.queries.person import Story

Topic = Callable[[Facts], tuple[Conclusion, ...]]


def rules_of(topic: Topic, read: Story, at: datetime) -> dict[str, list[Conclusion]]:
    """`applies` and `depends` (on an open question) of one topic.

    Both are empty once the referral is closed: the rules are about somebody in this service's care.
    """
    found = topic(facts_of(read, at)) if read.referral.is_open else ()
    return {
        "applies": [each for each in found if each.applies is Answer.YES],
        "depends": [each for each in found if each.applies is Answer.NOT_KNOWN],
    }
