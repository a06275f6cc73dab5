"""Bodies that show how care, scores and plans are recorded; about people who do not exist."""

CARE = {
    "Two items of a ward round": {
        "told": [
            {"item": "stomach_protection", "status": "given"},
            {"item": "glucose", "status": "declined", "reason": "Asked to be left alone today."},
        ],
        "given_at": "2026-11-21T09:30:00Z",
    }
}
DEXAMETHASONE = {
    "Started": {"kind": "start", "daily_mg": 16, "route": "By mouth"},
    "A taper is planned": {
        "kind": "plan",
        "taper": [
            {"on": "2026-11-24", "daily_mg": 8},
            {"on": "2026-11-26", "daily_mg": 4},
            {"on": "2026-11-30", "daily_mg": 0},
        ],
        "decided_by": "Dr Example",
    },
    "Stopped": {"kind": "stop", "reason": "Neither metastases nor compression were found."},
}
SCORE = {
    "SINS of a lesion": {
        "tool": "sins",
        "level": "T10",
        "answers": {"pain": "mechanical", "bone": "lytic", "collapse": "not_known"},
        "assessed_by": "Dr Example",
        "clinical_assessment": "Well otherwise. Pain on standing. CT shows a lytic lesion.",
    },
    "Performance status": {
        "tool": "performance",
        "answers": {"performance_status": "2"},
        "assessed_by": "Dr Example",
    },
}
CARE_PLAN = {
    "Agreed with the person": {
        "senior_clinician": "Dr Example",
        "plan": "Radiotherapy today, then rehabilitation near home.",
        "matters_most": "To be home for the birth of a grandchild.",
        "advisers": ["mdt", "allied_health"],
        "agreed": "yes",
        "review_on": "2026-11-28",
    }
}
PAIN_PLAN = {
    "A plan": {
        "kind": "plan",
        "plan": "Morphine 5 mg every 4 hours, and before turning. Ring if it lasts an hour.",
        "agreed": "yes",
        "strong_opioids": "yes",
    },
    "Its review": {
        "kind": "review",
        "plan": "Pain 3 out of 10. Goes on as it is.",
        "helped": "yes",
        "side_effects": "Constipation",
    },
}
SITTING = {
    "It went well": {
        "step": "raised_30",
        "lying_systolic": 124,
        "lying_diastolic": 76,
        "upright_systolic": 118,
        "upright_diastolic": 74,
        "pain_before": 2,
        "pain_after": 2,
        "dizzy": "no",
        "neurology_worse": "no",
    }
}
DISCHARGE_PLAN = {
    "Begun": {
        "lead_name": "Jo Example",
        "lead_role": "Ward sister",
        "lead_phone": "01632 960456",
        "involved": ["person", "family", "rehabilitation"],
        "involved_note": "Oncology and the pharmacist are rung tomorrow.",
        "arranged": {
            "contact": {"done": True, "note": "The coordinator, 01632 960123"},
            "equipment": {"done": False, "note": "A bed is ordered"},
        },
    }
}
FOLLOW_UP = {
    "At 30 days": {
        "day": 30,
        "reached": "yes",
        "told_by": "The person's daughter",
        "alive": "yes",
        "mobility": "walks_with_help",
        "continence": "continent",
        "pain": 2,
        "place_of_care": "home",
    }
}
