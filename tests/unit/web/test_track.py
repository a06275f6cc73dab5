from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from mscc.web.track import track

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
hours = st.floats(min_value=0, max_value=2000, allow_nan=False)


def clock(stopped=None):
    return SimpleNamespace(
        started_at=START,
        at_risk_at=START + timedelta(hours=18),
        due_at=START + timedelta(hours=24),
        stopped_at=None if stopped is None else START + timedelta(hours=stopped),
    )


def drawn(stopped=None, now=0.0):
    return track(clock(stopped), START + timedelta(hours=now))


def kinds(drawing):
    return [stretch.kind for stretch in drawing.stretches]


def test_time_used_and_time_left_are_told_apart():
    assert kinds(drawn(now=6)) == ["run", "ahead"]
    assert kinds(drawn(now=20)) == ["run", "risk", "ahead"]
    assert kinds(drawn(now=30)) == ["run", "risk", "late"]


def test_a_clock_that_was_met_goes_no_further_whatever_the_time():
    assert drawn(stopped=6, now=7) == drawn(stopped=6, now=500)
    assert kinds(drawn(stopped=6)) == ["run", "ahead"]


def test_a_running_clock_is_marked_now_and_a_stopped_one_where_it_stopped():
    assert [mark.kind for mark in drawn(now=6).marks] == ["started", "at_risk", "due", "now"]
    stopped = drawn(stopped=25, now=30).marks[-1]
    assert (stopped.kind, stopped.word, stopped.at) == (
        "stopped",
        "Stopped",
        START + timedelta(hours=25),
    )


def test_a_page_drawn_before_the_clock_started_marks_now_at_the_start():
    drawing = drawn(now=-3)
    assert kinds(drawing) == ["ahead"]
    assert drawing.marks[-1].x == drawing.marks[0].x


@given(now=hours, stopped=st.none() | hours)
def test_nothing_is_drawn_outside_the_track_and_the_stretches_join(now, stopped):
    drawing = drawn(stopped, now)
    xs = [float(mark.x.rstrip("%")) for mark in drawing.marks]
    assert all(0 <= x <= 100 for x in xs)
    for before, after in zip(drawing.stretches, drawing.stretches[1:], strict=False):
        assert before.end == after.x
