from referrals.clinical.assessment import RULES
from tests.factories import said_typed
from tests.factories.said import APPROVED, said

APPROVED_LINES = APPROVED.read_text().splitlines()


def test_the_rules_say_what_was_approved_word_for_word():
    """After a change of words: python -m tests.factories.said, and read the difference."""
    now = said().splitlines()
    assert [line for line in now if line not in APPROVED_LINES] == []
    assert [line for line in APPROVED_LINES if line not in now] == []


def test_every_rule_says_something_to_somebody():
    """Except while somebody is being sat up: `mobilisation.judge` says that step by step."""
    spoken = {line.partition(":")[0] for line in APPROVED_LINES}
    assert set(RULES) - spoken == {"mobilisation.lie_back", "mobilisation.measure"}


def test_what_is_typed_is_read_or_refused_as_was_approved():
    assert said_typed.typed().splitlines() == said_typed.APPROVED.read_text().splitlines()
