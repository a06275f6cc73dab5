"""Every component as it is drawn: what it says, and that it escapes."""

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.template import engines

from mscc import clock
from mscc.demo import styleguide
from referrals.domain.refusals import IllegalTransition, StaleVersion
from referrals.forms.base import CommandForm
from referrals.forms.fields import NotesField, RadioField, TextField, WhenField
from tests.web.style_guide import NASTY, page

AT = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def the_time_asks_no_database(monkeypatch):
    monkeypatch.setattr(clock, "_shift", None)


def drawn(source, **context):
    return engines["pages"].env.from_string(source).render(**context)


def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


SHAPES = {
    "overdue": "Overdue by 1 h 12 min",
    "at_risk": "Due in 2 h 05 min",
    "due": "Due in 19 h",
    "met": "Met, 6 h to spare",
    "missed": "Missed by 3 h 20 min",
    "excepted": "Stopped: MRI contraindicated, CT done",
}


def urgency(severity, **more):
    standing = SimpleNamespace(severity=severity, word=SHAPES[severity], when=AT)
    source = '{% from "components/urgency.html" import urgency %}{{ urgency(standing, **more) }}'
    return drawn(source, standing=standing, more=more)


@pytest.mark.parametrize("severity", SHAPES)
def test_urgency_is_a_word_and_both_times(severity):
    assert words(urgency(severity)) == f"{SHAPES[severity]} Tue 24 Nov, 08:00 GMT"
    assert 'datetime="2026-11-24T08:00:00Z"' in urgency(severity)


def test_what_is_due_leads_the_sentence():
    assert words(urgency("overdue", what="MRI", absolute=False)) == "MRI overdue by 1 h 12 min"


def test_each_urgency_has_a_shape_of_its_own_which_a_screen_reader_does_not_read():
    shapes = {severity: re.search(r"<svg.*?</svg>", urgency(severity))[0] for severity in SHAPES}
    drawings = {re.sub(r"^<svg[^>]*>", "", shape) for shape in shapes.values()}
    assert len(drawings) == len(SHAPES)
    assert all('aria-hidden="true"' in shape for shape in shapes.values())


class Moved(CommandForm):
    who = TextField(label="Who decided?")
    how = RadioField(label="How?", choices=[("phone", "By phone"), ("other", "Otherwise")])
    which = TextField(label="Which way?")
    when = WhenField(label="When?")
    note = NotesField(label="Note", required=False, max_length=500)
    reveals = {"which": ("how", "other")}


def form(data=None):
    return Moved(data, at=AT, version=3)


def form_html(shown):
    source = '{% from "components/form.html" import render_form %}{{ render_form(form, token) }}'
    return drawn(source, form=shown, token="TOKEN")


def test_a_form_is_drawn_with_its_token_version_key_and_one_button():
    shown = form()
    html = form_html(shown)
    assert "TOKEN" in html
    assert 'name="version" value="3"' in html
    assert f'name="key" value="{shown["key"].value()}"' in html
    assert html.count("<button") == 1


def test_every_question_has_a_label_or_a_legend_and_no_id_stands_twice():
    html = form_html(form())
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    controls = re.findall(r'<(?:input|textarea|select)[^>]*?id="([^"]+)"', html)
    hidden = re.findall(r'type="hidden"[^>]*?id="([^"]+)"', html)
    assert set(controls) - set(hidden) <= set(re.findall(r'<label[^>]*for="([^"]+)"', html))


def test_each_mistake_stands_in_the_summary_with_a_way_to_its_field():
    shown = form({"who": "", "how": "other", "which": "", "when-choice": "earlier"})
    assert not shown.is_valid()
    html = form_html(shown)
    summary = html[html.index("nhsuk-error-summary") : html.index("TOKEN")]
    links = dict(re.findall(r'<a href="#([^"]+)"\s*>\s*([^<]+?)\s*</a>', summary))
    assert links == {
        "id_who": "Enter who decided.",
        "id_which": "Enter which way.",
        "id_when": "When: enter the date and the time.",
    }
    assert all(f' id="{target}"' in html for target in links)


def test_what_was_typed_comes_back_and_cannot_run():
    shown = form({"who": NASTY, "how": "phone", "when-choice": "now", "note": NASTY})
    shown.is_valid()
    html = form_html(shown)
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 2


def test_a_field_that_appears_under_a_choice_stands_behind_it():
    html = form_html(form())
    behind = html[html.index('id="conditional-id_how-2"') :]
    assert behind.index('name="which"') < behind.index('name="when-choice"')
    assert 'data-mscc-reveals="conditional-id_how-2"' in html


def test_a_conflict_says_who_was_faster_and_keeps_the_text():
    shown = form({"who": "Dr Own", "how": "phone", "when-choice": "now"})
    assert shown.is_valid()
    shown.refuse(StaleVersion("Dr Other", AT, "MRI booked"), version=4)
    html = form_html(shown)
    assert "Dr Other changed this referral at 08:00 on 24 November (MRI booked)" in words(html)
    assert 'value="Dr Own"' in html
    assert 'name="version" value="4"' in html
    assert html.index("Not saved") < html.index("TOKEN")


def test_a_step_that_is_not_possible_now_does_not_ask_to_save_again():
    shown = form({})
    shown.refuse(IllegalTransition("book MRI", "discharged"))
    assert "save it again" not in words(form_html(shown))


def banner(**more):
    patient = SimpleNamespace(**{**vars(styleguide._patient()), **more})
    source = (
        '{% from "components/identity.html" import identity_banner %}'
        '{{ identity_banner(patient, "Hospital A, ward 4C", "K7Q-4F") }}'
    )
    return words(drawn(source, patient=patient))


def test_the_banner_says_who_and_what_must_be_known_of_them():
    said = banner()
    for part in (
        "SURNAME-EXAMPLE, Given",
        "5 March 1965 (",
        "999 000 0018",
        "Hospital A, ward 4C",
        "Penicillin (rash)",
        "Polish, interpreter needed",
        "K7Q-4F",
    ):
        assert part in said


def test_the_banner_says_what_is_not_known():
    said = banner(
        nhs_number=None,
        nhs_number_absent_reason="Not from the United Kingdom",
        allergies="",
        language="",
        interpreter_needed=None,
        date_of_birth=None,
    )
    assert "No NHS number Not from the United Kingdom" in said
    assert "Allergies not recorded" in said
    assert "Language not recorded" in said
    assert "Born not known" in said


def test_a_name_that_can_mislead_is_shown_and_flagged():
    assert "Check the name" not in banner()
    assert "Check the name" in banner(family_name="J\u043ehn")
    assert "Check the name" in banner(given_name="abc\u202e")


def test_a_clock_is_told_in_words_beside_its_track():
    running = SimpleNamespace(
        started_at=AT - timedelta(hours=25),
        at_risk_at=AT - timedelta(hours=7),
        due_at=AT - timedelta(hours=1),
        stopped_at=None,
    )
    standing = SimpleNamespace(severity="overdue", word="Overdue by 1 h", when=running.due_at)
    source = (
        '{% from "components/track.html" import clock_track %}'
        '{{ clock_track(clock, "MRI within 24 hours", standing, at) }}'
    )
    html = drawn(source, clock=running, standing=standing, at=AT)
    said = words(html)
    assert "MRI within 24 hours Overdue by 1 h Started Mon 23 Nov, 07:00 GMT" in said
    assert "Due Tue 24 Nov, 07:00 GMT" in said
    assert "mscc-track__late" in html


def test_the_style_guide_shows_everything_and_runs_nothing_that_was_typed():
    html = page()
    assert "alert(" in html
    assert not re.search(r"<script(?![^>]* src=)", html)
    assert "DEMO DATA" in words(html)


@pytest.mark.parametrize("query", ["", "?wall"])
def test_no_page_has_a_style_or_a_handler_of_its_own(query):
    html = page(query)
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", html)
    assert "<style" not in html


def test_the_wall_names_nobody():
    html = page("?wall")
    assert "O0K-4F" in html
    for name, *_ in styleguide.PEOPLE:
        assert name not in html
    assert "A. Coordinator" not in html


def test_only_the_first_new_referral_has_the_filled_button():
    board = page().split('id="board-list"')[1].split("</ol>")[0]
    buttons = re.findall(r'<button class="([^"]+)"', board)
    assert ["secondary" in classes for classes in buttons] == [False, True]
