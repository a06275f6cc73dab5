"""Bodies that show how a command is used; about people who do not exist."""

RECEIVE = {
    "A ward refers somebody whose leg is weak": {
        "hospital_id": 3,
        "ward_id": 4,
        "person": {
            "given_name": "Robin",
            "family_name": "Example",
            "date_of_birth": "1960-05-17",
            "nhs_number_absent_reason": "Brought in without papers",
        },
        "referrer": {"name": "Alex Ward", "call_back": "01632 960123", "role": "Ward nurse"},
        "presentation": {
            "cancer": "past_or_current",
            "findings": {
                "limb_weakness": {"answer": "yes", "onset": "2026-11-20"},
                "bladder_bowel": {"answer": "no"},
            },
        },
        "sections": {"neurology": {"mobility": "walks_with_help", "power_left_leg": 3}},
    }
}
TRIAGE = {
    "As it was suspected": {"suspicion": "mscc"},
    "Judged otherwise": {"suspicion": "spinal_metastases", "reason": "No signs on examination."},
}
NEW_SIGNS = {
    "The person walks worse since the morning": {
        "items": ["gait", "limb_weakness"],
        "found_at": "2026-11-21T08:30:00Z",
        "reported_by": "Alex Ward",
        "call_back": "01632 960123",
    }
}
ADVICE = {
    "By phone": {
        "given_to": "Alex Ward",
        "how": "phone",
        "immobilisation": "Nurse flat until stability is judged.",
        "read_back": True,
        "given_by": "Dr Example",
    }
}
BOOK_MRI = {
    "Within the target": {"slot_at": "2026-11-21T15:00:00Z", "hospital_id": 3},
    "At another hospital": {
        "slot_at": "2026-11-21T15:00:00Z",
        "hospital_id": 9,
        "transfer_reason": "No scanner here at the weekend.",
    },
}
SCAN = {"The whole spine": {"performed_at": "2026-11-21T15:20:00Z", "whole_spine": True}}
REPORT = {
    "Compression": {
        "reported_at": "2026-11-21T16:00:00Z",
        "outcome": "mscc",
        "reported_by": "Dr Example",
    }
}
MILESTONE = {
    "The first fraction": {
        "kind": "radiotherapy_started",
        "occurred_at": "2026-11-21T19:00:00Z",
        "note": "8 Gy, single fraction",
    }
}
CORRECT = {
    "Another time": {
        "occurred_at": "2026-11-21T18:30:00Z",
        "reason": "Read from the wrong line.",
    },
    "It never happened": {"occurred_at": None, "reason": "Meant for somebody else."},
}
ASK = {
    "An answer is needed by a time": {
        "specialty": "spinal_surgery",
        "question": "Is the spine stable enough to sit up?",
        "due_at": "2026-11-21T14:00:00Z",
    }
}
DECIDE = {
    "Radiotherapy": {
        "plan": "radiotherapy",
        "decided_by": "Dr Example",
        "decided_at": "2026-11-21T17:00:00Z",
        "consulted": ["oncology", "spinal_surgery"],
    },
    "None, for the prognosis": {
        "plan": "supportive",
        "decided_by": "Dr Example",
        "decided_at": "2026-11-21T17:00:00Z",
        "consulted": ["oncology", "palliative_care"],
        "radiotherapy_exception": "poor_prognosis",
        "exception_reason": "In the last days of life.",
    },
}
DISCHARGE = {
    "Home": {
        "lead_name": "Jo Example",
        "destination": "home",
        "discharged_at": "2026-11-28T10:00:00Z",
        "open_items_reason": "The general practice follows up.",
    }
}
