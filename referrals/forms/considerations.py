"""What the choice of treatment turns on (1.9.3, 1.10, 1.11): for whoever prepares the decision.

It is no part of what a ward is asked. Everything may stay not known: then the options say which
answer could change them.
"""

from dataclasses import replace
from typing import Any

from mscc.people.roles import Permission
from referrals.clinical.consistency import contradictions
from referrals.clinical.presentation import Answer
from referrals.clinical.times import LONDON
from referrals.domain.intake import Addition
from referrals.domain.queries.facts import facts_of
from referrals.forms.adding import AddForm
from referrals.forms.base import Form
from referrals.forms.fields import DateField, RadioField, ThreeWayField
from referrals.forms.intake_examined import answer_of
from referrals.models import Considerations


def _asks(label: str, hint: str = "") -> ThreeWayField:
    return ThreeWayField(label=label, help_text=hint, required=False)


class _Asked(Form):
    surgery_suitable = _asks(
        "Does surgery suit the person?",
        "Able to have it, and right for them, as the specialists judge.",
    )
    discussed_with_specialists = _asks("Was a plan made with an oncologist and a spinal surgeon?")
    immediate_treatment_needed = _asks("Is treatment needed immediately?")
    primary_would_change_it = _asks("Might knowing the primary change treatment?")
    recovered_from_surgery = _asks("If operated on: has the person recovered from surgery?")
    rapid_progression = _asks("Are neurological signs progressing fast?")
    paralysed_since = DateField(
        label="If paralysis is complete: since when?",
        help_text="The day on which no movement was left.",
        required=False,
    )
    unstable = _asks("Is the spine unstable, or may it be?")
    stability_likely = _asks(
        "Does assessment with imaging suggest that the spine is stable?",
    )
    pain_controlled = _asks("Is the pain well controlled?")
    asymptomatic = _asks("Do the metastases cause no symptoms at all?")
    oligometastases = RadioField(
        label="How many separate metastases are there, anywhere in the body?",
        choices=[("yes", "1 to 3"), ("no", "4 or more"), ("not_known", "Not known")],
        inline=True,
        required=False,
    )
    impending_compression = _asks(
        "Does imaging show a tumour in the canal that threatens the cord?"
    )
    in_trial = _asks("Would radiotherapy be part of a randomised trial to prevent MSCC?")
    other_treatment = _asks("Is there other treatment that may help, such as drugs?")
    large_field = _asks("Would radiotherapy need a large treatment field?")
    other_side_effect_risk = _asks(
        "Is there another reason for a high risk of side effects from radiation?"
    )
    previous_radiotherapy = _asks("Was there radiotherapy to the spine before?")
    radiotherapy_ended_on = DateField(label="When did the last course end?", required=False)
    responded_well = _asks("Was the response to it good?")
    recurrent_symptoms = _asks(
        "Have symptoms come back, 3 months or more after it?", "If they came sooner, answer no."
    )
    stem_cell_harvest = _asks("Is a stem cell harvest being considered?")
    fertility_matters = _asks("Does future fertility matter to the person?")


DAYS = ("paralysed_since", "radiotherapy_ended_on")
# What can change within hours is asked anew: yesterday's answer must not become today's.
_ANEW = ("pain_controlled", "rapid_progression")
_SILENCE = {None, Answer.NOT_KNOWN.value}
# The facts the questions of `consistency` are about, by the field that was filled in.
_FIELD_OF = {"paralysed_days": "paralysed_since", "months_since_radiotherapy": DAYS[1]}


class ConsiderationsForm(_Asked, AddForm):
    """Each save is a row of its own; what does not fit with the record is asked about."""

    heading = "What the choice of treatment turns on"
    only_for = Permission.RECORD
    sections = [
        (
            "Surgery",
            [
                "surgery_suitable",
                "discussed_with_specialists",
                "immediate_treatment_needed",
                "primary_would_change_it",
                "recovered_from_surgery",
            ],
        ),
        (
            "The cord, the spine and pain",
            [
                "rapid_progression",
                "paralysed_since",
                "unstable",
                "stability_likely",
                "pain_controlled",
                "asymptomatic",
            ],
        ),
        (
            "The disease",
            ["oligometastases", "impending_compression", "in_trial", "other_treatment"],
        ),
        (
            "Radiotherapy",
            [
                "large_field",
                "other_side_effect_risk",
                "previous_radiotherapy",
                "radiotherapy_ended_on",
                "responded_well",
                "recurrent_symptoms",
            ],
        ),
        ("The person", ["stem_cell_harvest", "fertility_matters"]),
    ]

    def proposed(self) -> dict[str, Any]:
        known = self.section("considerations")
        return {name: value for name, value in known.items() if name not in _ANEW}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in DAYS:
            day = cleaned.get(name)
            if day is not None and day > self.at.astimezone(LONDON).date():
                self.add_error(name, "This day has not come yet. Check the date.")
        if not self.errors and not set(self._row().values()) - _SILENCE:
            self.add_error(None, "Answer at least one question.")
        if not self.errors and not cleaned.get("confirmed"):
            self._ask_what_does_not_fit()
        return cleaned

    def _ask_what_does_not_fit(self) -> None:
        """Questions that these answers raise; those that stood before are somebody else's."""
        row = Considerations(occurred_at=self.at, recorded_at=self.at, **self._row())
        told = replace(self.story, considerations=[*self.story.considerations, row])
        stood = {each.code for each in contradictions(facts_of(self.story, self.at), self.at)}
        for each in contradictions(facts_of(told, self.at), self.at):
            if each.code in stood:
                continue
            name = each.field.rpartition(".")[2]
            name = _FIELD_OF.get(name, name)
            sentence = f"{each.sentence} If it is right, confirm it."
            self.add_error(name if name in self.fields else None, sentence)
            self._show_confirmation(True)

    def _row(self) -> dict[str, Any]:
        said = self.cleaned_data
        row: dict[str, Any] = {name: said.get(name) for name in DAYS}
        return row | {
            name: answer_of(said, name) for name in _Asked.base_fields if name not in DAYS
        }

    def details(self) -> Addition:
        return Addition(sections={"considerations": self._row()})
