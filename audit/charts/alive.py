"""Who is still alive after so many days, as steps (Kaplan-Meier)."""

from collections.abc import Sequence
from dataclasses import dataclass

from audit.charts.frame import Frame, Tick, percent_ticks, round_up
from audit.measures.suppression import LEAST
from audit.measures.survival import Curve, Step


@dataclass(frozen=True, slots=True)
class Alive:
    """What is drawn, in the units of its frame."""

    frame: Frame
    path: str
    half: float
    across: tuple[Tick, ...]
    upright: tuple[Tick, ...]


def shown(curve: Curve, *, entitled: bool) -> list[Step]:
    """The steps that may be shown. To whoever may not see rows, each stands for 5 deaths or more,
    while 5 or more are still followed."""
    if entitled:
        return list(curve.steps)
    kept: list[Step] = []
    deaths = 0
    for step in curve.steps:
        deaths += step.deaths
        if deaths >= LEAST and step.at_risk - step.deaths >= LEAST:
            kept.append(step)
            deaths = 0
    return kept


def alive(steps: Sequence[Step], followed_to: int, frame: Frame | None = None) -> Alive:
    """Draw these steps from the referral (all alive) to the last day anybody was followed."""
    frame = frame or Frame()
    end = round_up(max(followed_to, 1))
    path, x = [f"M{frame.x(0):g} {frame.y(1):g}"], 0.0
    for step in steps:
        x = frame.x(step.days / end)
        path.append(f"H{x:g}V{frame.y(step.alive):g}")
    path.append(f"H{frame.x(min(followed_to / end, 1)):g}")
    return Alive(
        frame,
        "".join(path),
        frame.y(0.5),
        tuple(Tick(frame.x(part / 4), f"{end * part / 4:g}") for part in range(5)),
        tuple(percent_ticks(frame)),
    )
