"""What happens to one made-up person, from the referral to the end of the referral."""

from datetime import datetime, timedelta
from typing import Any

from mscc.demo.synthetic import staying
from mscc.demo.synthetic.chart import Chart
from referrals.clinical.milestones import MilestoneKind as Kind
from referrals.models import (
    Advice,
    CancerHistory,
    DexamethasoneEntry,
    Fitness,
    InitialCare,
    MriScan,
    NeurologicalAssessment,
    Opinion,
    PainAssessment,
    Presentation,
    TreatmentDecision,
)

_CORD = (
    "bladder_bowel",
    "gait",
    "limb_weakness",
    "neurological_signs",
    "sensory",
    "radicular",
)
_PRIMARIES = ("prostate", "breast", "lung", "kidney", "myeloma", "rectum", "not_known")
_MINUTE = timedelta(minutes=1)


class Pathway:
    """Lives one referral. `state` and what the referral says of itself hold when `live` is done."""

    def __init__(
        self, chart: Chart, received_at: datetime, other_hospitals: tuple[int, ...]
    ) -> None:
        self.chart, self.rng, self.pace = chart, chart.rng, chart.pace
        self.received_at, self.at = received_at, received_at
        self.last = received_at + staying.LONGEST
        self.others = other_hospitals
        self.cord = self.rng.random() < 0.6
        self.suspicion = "mscc" if self.cord else "spinal_metastases"
        self.confirmed = ""
        self.state = "discharged"
        self.closed_at = received_at
        self.taken_at = received_at
        self.walks = "walks_unaided"

    def live(self) -> None:
        """From the first call to the end."""
        self._receive()
        if self._ended_early():
            return
        self._first_hours()
        if self._scan() and self.confirmed in ("mscc", "spinal_metastases"):
            self._treat()
        staying.leave(self)

    def wait(self, median: float, sigma: float = 0.6) -> datetime:
        """Time passes; the moment it is now."""
        self.at = self.after(median, sigma)
        return self.at

    def after(self, median: float, sigma: float = 0.6) -> datetime:
        """A moment later than now; however slow, not after the longest stay there is."""
        return min(self.at + self.pace.hours(self.at, median, sigma), self.last)

    def _receive(self) -> None:
        chart, arose = self.chart, self.received_at - self.pace.hours(self.received_at, 0.7, 0.9)
        chart.step(self.received_at, "received the referral", writer=self.pace.site.nurse)
        kind = Kind.MSCC_SUSPECTED if self.cord else Kind.METASTASES_SUSPECTED
        chart.fact(kind, arose - _MINUTE)
        chart.fact(Kind.RECEIVED, self.received_at)
        self._findings()
        self.taken_at = self.wait(0.12, 0.8)
        chart.step(self.taken_at, "took the referral")
        chart.fact(Kind.TAKEN, self.taken_at)

    def _findings(self) -> None:
        chart, rng, at = self.chart, self.rng, self.received_at
        said = {"severe_unremitting": {"answer": "yes", "onset": None}}
        if self.pace.known():
            answer = {item: rng.random() < 0.4 for item in _CORD} if self.cord else {}
            answer |= {"limb_weakness": True} if self.cord else {}
            for item in _CORD:
                said[item] = {"answer": "yes" if answer.get(item) else "no", "onset": None}
        chart.add(Presentation, at, cancer="past_or_current", findings=said)
        self.walks = self._mobility()
        if self.pace.known():
            chart.add(NeurologicalAssessment, at, **self._examined(self.walks))
        chart.add(CancerHistory, at, primary=rng.choice(_PRIMARIES))
        if self.pace.known():
            chart.add(PainAssessment, at, severity=rng.randint(2, 9))
        if self.pace.known(0.9):
            chart.add(Fitness, at, performance_status=rng.choice((0, 1, 1, 2, 2, 3, 4)))
        if rng.random() < 0.3:
            told = {"immobilised": "yes", "stomach_protection": rng.choice(("yes", "no"))}
            chart.add(InitialCare, at, **told)

    def _mobility(self) -> str:
        if not self.cord:
            return self.rng.choice(("walks_unaided", "walks_unaided", "walks_with_aid"))
        return self.rng.choice(
            ("walks_unaided", "walks_with_aid", "walks_with_aid", "walks_with_help", "cannot_walk")
        )

    def _examined(self, walks: str) -> dict[str, Any]:
        legs = {"walks_unaided": 5, "walks_with_aid": 4, "walks_with_help": 3}.get(walks, 1)
        legs = legs if self.cord else 5
        return {
            "mobility": walks,
            "power_right_leg": legs,
            "power_left_leg": min(5, legs + self.rng.randint(0, 1)),
            "sensation_loss": "yes" if self.cord else "no",
            "bladder_problem": "yes" if self.cord and self.rng.random() < 0.25 else "no",
            "bowel_problem": "no",
        }

    def _ended_early(self) -> bool:
        chance = self.rng.random()
        if chance > 0.15:
            return False
        at = self.wait(1.5, 0.5)
        if chance < 0.1:
            self.state, kind, words = "redirected", Kind.REDIRECTED, "redirected it"
            said = {"to": "Urgent oncology assessment", "advice": "No signs of compression."}
        else:
            self.state, kind, words = "withdrawn", Kind.WITHDRAWN, "withdrew it"
            said = {"reason": "Made twice."}
        self.chart.step(at, words)
        self.chart.fact(kind, at, **said)
        self.closed_at = self.chart.written_at
        return True

    def _first_hours(self) -> None:
        chart, rng = self.chart, self.rng
        at = self.wait(0.3)
        chart.step(at, "triaged the referral")
        chart.fact(Kind.TRIAGED, at, suspicion=self.suspicion)
        if self.pace.known():
            at = self.wait(0.4 if self.cord else 6, 0.9)
            chart.step(at, "gave advice")
            chart.fact(Kind.ADVICE_GIVEN, at, how="phone", given_to="Ward nurse in charge")
            chart.add(Advice, at, given_to="Ward nurse in charge", how="phone", **self._topics())
        if self.cord and self.pace.known(0.9):
            at = self.wait(0.6, 0.9)
            chart.step(at, "recorded dexamethasone")
            chart.fact(Kind.DEXAMETHASONE_STARTED, at)
            chart.add(DexamethasoneEntry, at, kind="start", daily_mg=16, route="by mouth")
        if self.cord and rng.random() < 0.5:
            chart.step(self.at, "recorded that the person lies flat")
            chart.fact(Kind.IMMOBILISATION_STARTED, self.at)
            if self.pace.known(0.85):
                self._ask(self.wait(4))
        staying.first_care(self)

    def _topics(self) -> dict[str, str]:
        words = {
            "pain": "Regular analgesia, review within the hour.",
            "stability": "Flat with log-rolling until the scan is read.",
            "immobilisation": "Nurse lying flat.",
            "dexamethasone": "16 mg now with a stomach protector; check glucose.",
            "transfer": "Scan locally.",
        }
        return {key: said for key, said in words.items() if self.rng.random() < 0.92}

    def _ask(self, at: datetime) -> None:
        due_at = at + timedelta(hours=24)
        answered = self.after(5, 0.9) if self.rng.random() < 0.9 else None
        self.chart.step(at, "asked an opinion")
        asked = self.chart.add(
            Opinion,
            at,
            specialty="spinal_surgery",
            question="Is the spine stable?",
            due_at=due_at,
            answered_at=answered,
            answered_by="Mr Piotr Wren" if answered else "",
        )
        told = {"specialty": "spinal_surgery"}
        self.chart.fact(Kind.OPINION_ASKED, at, opinion=str(asked.id), **told)
        self.chart.fact(Kind.STABILITY_ADVICE_SOUGHT, at, **told)
        if answered:
            self.chart.step(answered, "recorded an answer")
            self.chart.fact(Kind.OPINION_ANSWERED, answered, opinion=str(asked.id), **told)

    def _scan(self) -> bool:
        """Whether there was one; what it showed is then `confirmed`."""
        if self.rng.random() < 0.02:
            return False
        booked = self.wait(0.5)
        away = self.rng.random() < 0.15
        place = self.rng.choice(self.others) if away else self.pace.site.hospital
        done = self.wait(9 if self.cord else 55, 0.65)
        self.chart.step(booked, "booked the MRI")
        self.chart.fact(Kind.MRI_BOOKED, booked, slot_at=done.isoformat(), place=place)
        scan = self.chart.add(
            MriScan,
            booked,
            slot_at=done,
            place_id=place,
            transfer_reason="No scanner here at night" if away else "",
            **self._kind_of_scan(),
        )
        self._performed(scan, done)
        self._reported(scan, self.wait(1.7, 0.7))
        return True

    def _kind_of_scan(self) -> dict[str, Any]:
        chance = self.rng.random()
        if chance < 0.04:
            return {"modality": "ct", "contraindication": "Pacemaker", "whole_spine": True}
        whole = False if chance < 0.09 else None if chance < 0.11 else True
        return {"modality": "mri", "whole_spine": whole}

    def _performed(self, scan: MriScan, at: datetime) -> None:
        scan.performed_at = at
        self.chart.step(at, "recorded the scan")
        kind = Kind.CT_PERFORMED if scan.modality == "ct" else Kind.MRI_PERFORMED
        if scan.whole_spine is False:
            kind = Kind.MRI_INCOMPLETE
        self.chart.fact(kind, at, modality=scan.modality, whole_spine=scan.whole_spine)

    def _reported(self, scan: MriScan, at: datetime) -> None:
        found = ("mscc", "spinal_metastases", "ruled_out")
        scan.outcome = self.rng.choices(found, (62, 25, 13) if self.cord else (9, 66, 25))[0]
        scan.reported_at, scan.reported_by = at, "Dr Lea Quill"
        self.confirmed = scan.outcome
        self.chart.step(at, "recorded the report of the scan")
        self.chart.fact(Kind.SCAN_REPORTED, at, outcome=scan.outcome)
        if scan.outcome == "mscc" and self.suspicion != "mscc":
            self.suspicion = "mscc"
            self.chart.fact(Kind.MSCC_SUSPECTED, scan.performed_at or at, found_by="scan")

    def _treat(self) -> None:
        chart, rng = self.chart, self.rng
        if not self.pace.known(1.05):
            return
        at = self.wait(7 if self.confirmed == "mscc" else 30)
        plans = ("radiotherapy", "surgery", "systemic", "supportive")
        plan = rng.choices(plans, (62, 15, 11, 12))[0]
        mscc = self.confirmed == "mscc"
        excepted = mscc and plan in ("systemic", "supportive") and rng.random() < 0.8
        urgent = "excepted" if excepted else "indicated"
        if not mscc or plan == "surgery":
            urgent = "not_expected"
        exception = "poor_prognosis" if excepted else ""
        chart.step(at, "recorded the decision on treatment")
        chart.add(
            TreatmentDecision,
            at,
            plan=plan,
            decided_by="Dr Helena Marsh",
            consulted=["spinal_surgery", "oncology"] if rng.random() < 0.85 else ["oncology"],
            radiotherapy_exception=exception,
            exception_reason="Weeks to live; agreed with the person." if excepted else "",
            fractionation=rng.choice(("8 Gy, single fraction", "20 Gy in 5 fractions"))
            if plan == "radiotherapy"
            else "",
        )
        chart.fact(
            Kind.DECISION_TO_TREAT, at, plan=plan, urgent_radiotherapy=urgent, exception=exception
        )
        self._treated(plan, mscc)

    def _treated(self, plan: str, mscc: bool) -> None:
        if plan not in ("radiotherapy", "surgery") or self.rng.random() < 0.04:
            return
        median = {"radiotherapy": 13.0, "surgery": 22.0}[plan] * (1 if mscc else 5)
        at = self.wait(median)
        self.chart.step(at, "recorded that treatment began")
        begun = Kind.RADIOTHERAPY_STARTED if plan == "radiotherapy" else Kind.SURGERY_PERFORMED
        self.chart.fact(begun, at)
