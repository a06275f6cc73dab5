"""What treatment turns on, and what a decision rested on, in plain words for the record."""

from collections.abc import Iterator

from mscc.web.filters import day, local
from referrals.clinical.options import in_words
from referrals.domain.queries.person import Story
from referrals.models import Considerations, Opinion, Score, TreatmentDecision

# A yes and a no of each consideration; an empty sentence is not worth saying.
_SAID: dict[str, tuple[str, str]] = {
    "surgery_suitable": ("Surgery suits the person", "Surgery does not suit the person"),
    "discussed_with_specialists": (
        "A plan was made with the specialists",
        "No plan was made with the specialists yet",
    ),
    "immediate_treatment_needed": ("Treatment is needed at once", "There is time before treatment"),
    "primary_would_change_it": (
        "Knowing the primary may change treatment",
        "Knowing the primary would not change treatment",
    ),
    "recovered_from_surgery": ("Recovered from surgery", "Not recovered from surgery yet"),
    "rapid_progression": ("Signs progress fast", "Signs do not progress fast"),
    "unstable": ("The spine is or may be unstable", "The spine is not thought to be unstable"),
    "stability_likely": (
        "Imaging suggests that the spine is stable",
        "Imaging does not suggest that the spine is stable",
    ),
    "pain_controlled": ("Pain well controlled", "Pain not well controlled"),
    "asymptomatic": ("The metastases cause no symptoms", "The metastases cause symptoms"),
    "oligometastases": ("1 to 3 metastases in the body", "4 or more metastases in the body"),
    "impending_compression": (
        "Imaging shows a threat to the cord",
        "Imaging shows no threat to the cord",
    ),
    "in_trial": ("Radiotherapy would be part of a trial", "Not part of a trial"),
    "other_treatment": ("Other treatment may help", "No other treatment helps"),
    "large_field": ("A large treatment field is needed", "No large treatment field is needed"),
    "other_side_effect_risk": ("High risk of side effects from radiation", ""),
    "previous_radiotherapy": ("Radiotherapy before", "No radiotherapy before"),
    "responded_well": ("Good response to it", "No good response to it"),
    "recurrent_symptoms": (
        "Symptoms came back 3 months or more after it",
        "No symptoms came back 3 months or more after it",
    ),
    "stem_cell_harvest": (
        "A stem cell harvest is considered",
        "No stem cell harvest is considered",
    ),
    "fertility_matters": ("Future fertility matters", "Future fertility does not matter"),
}


def consideration_lines(row: Considerations) -> list[str]:
    """What was answered, and nothing of what was not."""
    lines = []
    for name, (yes, no) in _SAID.items():
        said = {"yes": yes, "no": no}.get(getattr(row, name), "")
        if said:
            lines.append(f"{said}.")
    if row.paralysed_since:
        lines.append(f"Paralysis complete since {day(row.paralysed_since)}.")
    if row.radiotherapy_ended_on:
        lines.append(f"Radiotherapy ended on {day(row.radiotherapy_ended_on)}.")
    return lines


def decision_words(decision: TreatmentDecision, story: Story) -> str:
    """A decision with everything it rested on, as one paragraph of the timeline."""
    return " ".join(_decision_lines(decision, story))


def _decision_lines(decision: TreatmentDecision, story: Story) -> Iterator[str]:
    yield f"Decided by {decision.decided_by}."
    if decision.consulted:
        yield f"Consulted: {', '.join(each.replace('_', ' ') for each in decision.consulted)}."
    yield from filter(None, [decision.rationale])
    if decision.surgery_considered:
        yield f"Surgery: {decision.surgery_considered}"
    yield from filter(None, [decision.exception_reason, decision.fractionation])
    rested = [*_opinions(decision, story), *_scores(decision, story)]
    if rested:
        yield f"It rests on {'; '.join(rested)}."
    if listed := in_words(decision.options):
        yield f"NG234 listed then: {' '.join(listed)}"


def _opinions(decision: TreatmentDecision, story: Story) -> list[str]:
    return [opinion_name(each) for each in story.opinions if each.pk in decision.opinions]


def _scores(decision: TreatmentDecision, story: Story) -> list[str]:
    return [score_name(each) for each in story.scores if each.pk in decision.scores]


def opinion_name(opinion: Opinion) -> str:
    """Whose opinion it is, and when it was given."""
    specialty = opinion.get_specialty_display().lower()
    return f"the opinion of {opinion.answered_by} ({specialty}, {local(opinion.answered_at)})"


def score_name(score: Score) -> str:
    """A score with what it came to then; its inputs stay on its own page."""
    return f"{score.result} (scored {local(score.occurred_at)})"
