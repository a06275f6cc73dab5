"""The rules about dexamethasone as they are told to a ward (1.8.1 to 1.8.8, management summary).

`steroids.conclude` says which apply. Short enough to be read out on the telephone at night.
"""

from referrals.clinical.library import Strength
from referrals.clinical.reasoning import SUMMARY, Rule

_SUMMARY = SUMMARY + "corticosteroids"

FIRST_DOSE = Rule(
    "steroids.first_dose",
    "Offer dexamethasone 16 mg now (by mouth or equivalent), then 16 mg a day until surgery or "
    "radiotherapy.",
    Strength.OFFER,
    ("1.8.1",),
)
FIRST_DOSE_UNLESS_LYMPHOMA = Rule(
    "steroids.first_dose_unless_lymphoma",
    "Offer dexamethasone 16 mg now (by mouth or equivalent). If it may be lymphoma or myeloma, "
    "ring haematology at the same time.",
    Strength.OFFER,
    ("1.8.1", "1.8.6"),
)
EXAMINE_FIRST = Rule(
    "steroids.examine_first",
    "Examine first: dexamethasone 16 mg is for neurological symptoms or signs.",
    Strength.BE_AWARE,
    ("1.8.1", "1.8.7"),
)
CONTINUE_DAILY = Rule(
    "steroids.continue_daily",
    "Continue dexamethasone 16 mg a day until surgery or radiotherapy.",
    Strength.OFFER,
    ("1.8.1",),
)
TAPER_IN_STEPS = "plan to reduce dexamethasone step by step over 5 to 7 days, then stop."
TAPER = Rule(
    "steroids.taper",
    f"Treatment has begun: {TAPER_IN_STEPS}",
    Strength.ENSURE,
    ("1.8.1", _SUMMARY),
)
INCREASE = Rule(
    "steroids.increase",
    "Neurology is worse. The summary advises a higher dose of dexamethasone for a time: ask a "
    "senior clinician now.",
    Strength.ENSURE,
    (_SUMMARY,),
)
STOP_RULED_OUT = Rule(
    "steroids.stop_ruled_out",
    "Spinal metastases and MSCC are ruled out: NG234 advises to stop dexamethasone. Ask how.",
    Strength.ENSURE,
    ("1.8.2",),
)
SEVERE_PAIN = Rule(
    "steroids.severe_pain",
    "The pain is severe: a steroid may be considered. Ask a senior clinician.",
    Strength.CONSIDER,
    ("1.8.3",),
)
NO_OTHER_TREATMENT = Rule(
    "steroids.no_other_treatment",
    "No other treatment can help: reduce dexamethasone gradually until it is stopped.",
    Strength.ENSURE,
    ("1.8.4",),
)
SYMPTOMS_RETURN = Rule(
    "steroids.symptoms_return",
    "Symptoms came back or got worse as dexamethasone was reduced: it may be continued.",
    Strength.CONSIDER,
    ("1.8.4",),
)
WITHOUT_TREATMENT = Rule(
    "steroids.without_treatment",
    "Neither surgery nor radiotherapy follows: reduce dexamethasone gradually and stop it. If "
    "neurology worsens, think about the dose again.",
    Strength.ENSURE,
    (_SUMMARY,),
)
HAEMATOLOGICAL = Rule(
    "steroids.haematological",
    "Offer dexamethasone 16 mg now (by mouth or equivalent), then ask the haematology team what "
    "follows.",
    Strength.OFFER,
    ("1.8.5",),
)
HAEMATOLOGICAL_WITH_SIGNS = Rule(
    "steroids.haematological_with_signs",
    HAEMATOLOGICAL.text,
    Strength.OFFER,
    ("1.8.5", "1.8.1"),
)
HAEMATOLOGICAL_NEXT = Rule(
    "steroids.haematological_next",
    "The first dose was given: ask the haematology team what follows.",
    Strength.OFFER,
    ("1.8.5",),
)
HAEMATOLOGICAL_NOT_SHOWN = Rule(
    "steroids.haematological_not_shown",
    "Ask the haematology team now whether to start dexamethasone 16 mg before the scan.",
    Strength.CONSIDER,
    ("1.8.5", "1.8.3"),
)
HAEMATOLOGY_FIRST = Rule(
    "steroids.haematology_first",
    "Ask haematology now, before the first dose of steroid.",
    Strength.ENSURE,
    ("1.8.6",),
)
FIRST_DOSE_AND_HAEMATOLOGY = Rule(
    "steroids.first_dose_and_haematology",
    "Offer dexamethasone 16 mg as soon as possible (by mouth or equivalent); ring haematology at "
    "the same time.",
    Strength.OFFER,
    ("1.8.1", "1.8.6"),
)
NOT_ROUTINE = Rule(
    "steroids.not_routine", "No dexamethasone as a routine.", Strength.DO_NOT, ("1.8.7",)
)
PART_OF_RADIOTHERAPY = Rule(
    "steroids.part_of_radiotherapy",
    "The steroid is part of the radiotherapy: give it as the oncologist prescribes.",
    Strength.BE_AWARE,
    ("1.8.7",),
)
WATCH = Rule(
    "steroids.watch",
    "With dexamethasone: check blood glucose and offer a proton pump inhibitor.",
    Strength.ENSURE,
    ("1.8.8",),
)
RULES = (
    FIRST_DOSE,
    FIRST_DOSE_UNLESS_LYMPHOMA,
    EXAMINE_FIRST,
    CONTINUE_DAILY,
    TAPER,
    INCREASE,
    STOP_RULED_OUT,
    SEVERE_PAIN,
    NO_OTHER_TREATMENT,
    SYMPTOMS_RETURN,
    WITHOUT_TREATMENT,
    HAEMATOLOGICAL,
    HAEMATOLOGICAL_WITH_SIGNS,
    HAEMATOLOGICAL_NEXT,
    HAEMATOLOGICAL_NOT_SHOWN,
    HAEMATOLOGY_FIRST,
    FIRST_DOSE_AND_HAEMATOLOGY,
    NOT_ROUTINE,
    PART_OF_RADIOTHERAPY,
    WATCH,
)

# What a rule says instead where it turns on what is not known, or on more than the rule itself.
FIRST_DOSE_IF_SIGNS = "If there is any neurological sign: offer dexamethasone 16 mg at once."
IF_WANTED = (
    "If dexamethasone is wanted after treatment has begun: the team that treats says so. Ask."
)
DOSE_IF_SIGNS_SUSPECTED = (
    "If there is any neurological sign: offer dexamethasone 16 mg as soon as possible, and ring "
    "haematology at the same time."
)
WHETHER_TO_STOP = (
    "Dexamethasone was given without neurological signs: ask a senior clinician whether to stop it."
)
IF_SEVERE = "If the pain is severe, a steroid may be considered: ask a senior clinician."
IF_CONFIRMED = (
    "If it is a confirmed lymphoma or myeloma in the spine: offer dexamethasone 16 mg now, then "
    "ask the haematology team what follows."
)
IF_SUSPECTED = "If lymphoma or myeloma is suspected: ask haematology before any steroid."
ABOUT_THE_NEXT = "Ask haematology now about the next dose."
PART_IF_NO_SIGNS = (
    "If there are no neurological signs: the steroid is part of the radiotherapy; give it as the "
    "oncologist prescribes."
)
SEVERE_IF_NO_SIGNS = (
    "If there are no neurological signs: the pain is severe, and a steroid may be considered. Ask "
    "a senior clinician."
)
CONTINUE_IF_SIGNS = (
    "If there is any neurological sign: continue dexamethasone 16 mg a day until surgery or "
    "radiotherapy."
)
CONTINUE_IF_NEWER = (
    "If the signs are newer than the scan, which shows no cord compression: dexamethasone may go "
    "on. Ask a senior clinician."
)
TAPER_WAITS = "Neurology is worse: the taper waits for a senior clinician's advice."
TAPER_WOULD_WAIT = "neurology is worse, and the taper waits for a senior clinician's advice."
INCREASE_IF_TAKEN = (
    "Neurology is worse. If dexamethasone is taken, the summary advises a higher dose for a time: "
    "ask a senior clinician now."
)
REDUCE_IF_NOTHING_HELPS = (
    "If no other treatment can help: reduce dexamethasone gradually until it is stopped."
)
IF_TAKEN = {
    SYMPTOMS_RETURN.key: "If dexamethasone is taken: it may be continued, because symptoms came "
    "back or got worse as it was reduced.",
    NO_OTHER_TREATMENT.key: "If dexamethasone is taken: no other treatment can help, so reduce it "
    "gradually until it is stopped.",
    WITHOUT_TREATMENT.key: "If dexamethasone is taken: neither surgery nor radiotherapy follows, "
    "so reduce it gradually and stop it.",
}
STOP_IF_NO_LONGER_SUSPECTED = (
    "If dexamethasone is taken, and no sign is newer than the scan that ruled MSCC out: NG234 "
    "advises to stop it. Ask how."
)
