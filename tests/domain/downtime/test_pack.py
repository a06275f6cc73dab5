"""The downtime pack: whole or not there, in every place that works, readable only with the key."""

import os
import re
import signal
from datetime import timedelta
from pathlib import Path

import pyrage
import pytest
from django.core.management import CommandError, call_command

from audit.models import Trail
from referrals.clinical.milestones import MilestoneKind
from referrals.domain import milestones, opinions
from scheduling.domain import downtime_pack, timetable
from scheduling.domain.downtime_pack import NotSealed, pack_round
from scheduling.models import Notice, PackPlace
from scheduling.views import downtime_sheets
from tests.factories.people import ContactPointFactory, person
from tests.factories.referrals import AT, ReferralFactory, Team, command, refer
from tests.factories.rota import on_duty

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def key() -> pyrage.x25519.Identity:
    return pyrage.x25519.Identity.generate()


@pytest.fixture
def places(settings, tmp_path, key) -> list[Path]:
    """Two folders that do not exist yet, and a key."""
    found = [tmp_path / "one", tmp_path / "two"]
    settings.DOWNTIME_PACK_PLACES = [str(place) for place in found]
    settings.DOWNTIME_PACK_KEYS = [str(key.to_public())]
    settings.DOWNTIME_PACK_PLAIN = False
    return found


@pytest.fixture
def team() -> Team:
    team = Team.build()
    on_duty(team.coordinator, team.place, AT - timedelta(hours=1))
    return team


def names(place: Path) -> list[str]:
    return sorted(path.name for path in place.iterdir())


def opened(place: Path, key: pyrage.x25519.Identity, ending: str = ".html.age") -> bytes:
    [file] = place.glob(f"*{ending}")
    return pyrage.decrypt(file.read_bytes(), [key])


def test_both_places_get_the_same_pack_that_only_the_key_opens(team, places, key):
    referral = refer(team)

    assert pack_round(AT) == 2
    name = f"mscc-downtime-{team.place.alliance.pk}-20261121-0900Z"
    assert names(places[0]) == names(places[1]) == [f"{name}.html.age", f"{name}.pdf.age"]
    sealed = next(places[0].glob("*.html.age")).read_bytes()
    assert sealed.startswith(b"age-encryption.org/v1")
    assert referral.reference.encode() not in sealed
    assert opened(places[0], key) == opened(places[1], key)
    assert referral.reference in opened(places[0], key).decode()
    assert opened(places[1], key, ".pdf.age").startswith(b"%PDF-")
    stranger = pyrage.x25519.Identity.generate()
    with pytest.raises(ValueError, match="does not open"):
        downtime_pack.unseal(sealed, str(stranger))


def test_a_file_is_its_owners_alone(team, places):
    pack_round(AT)
    for place in places:
        assert place.stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in place.iterdir()} == {0o600}


def test_it_is_written_once_a_quarter_of_an_hour_however_often_it_is_asked_for(team, places):
    assert [pack_round(AT + each * MINUTE) for each in (0, 1, 14)] == [2, 0, 0]
    assert pack_round(AT + 15 * MINUTE) == 2
    assert len(names(places[0])) == 4


def test_somebody_who_is_writing_is_left_to_it_and_followed_when_they_died(team, places):
    assert pack_round(AT) == 2
    later = AT + 15 * MINUTE
    assert downtime_pack._claim(later) == [str(place) for place in places]  # and then it died

    assert pack_round(later + MINUTE) == 0
    assert pack_round(later + 3 * MINUTE) == 2


def test_a_clock_that_was_set_back_does_not_stop_the_packs(team, places):
    pack_round(AT + timedelta(days=1))

    assert pack_round(AT) == 2


def test_the_table_of_rounds_writes_it(team, places):
    timetable.do_by_name("pack", lambda: AT)

    assert len(names(places[0])) == 2


def test_nothing_is_written_without_a_key_unless_a_plain_one_is_allowed(team, places, settings):
    settings.DOWNTIME_PACK_KEYS = []

    with pytest.raises(NotSealed):
        pack_round(AT)
    assert [place.exists() for place in places] == [False, False]
    assert PackPlace.objects.filter(last_error="NotSealed").count() == 2

    settings.DOWNTIME_PACK_PLAIN = True
    assert pack_round(AT + 2 * MINUTE) == 2
    assert b"<!DOCTYPE html>" in next(places[0].glob("*.html")).read_bytes()


def test_every_recipient_can_open_it(team, places, settings, key):
    other = pyrage.x25519.Identity.generate()
    settings.DOWNTIME_PACK_KEYS = [*settings.DOWNTIME_PACK_KEYS, str(other.to_public())]
    pack_round(AT)

    assert opened(places[0], other) == opened(places[0], key)


def test_one_place_that_is_broken_does_not_stop_the_other_and_is_told(team, places):
    lead = person("service_lead", team.place)
    ContactPointFactory(user=lead, channel="email", address="lead@example.nhs.uk")
    places[0].write_text("a file where the folder should be")

    assert pack_round(AT) == 1
    assert len(names(places[1])) == 2
    broken, fine = downtime_pack.standing(AT)
    assert (broken.old, broken.error) == (True, "File exists")
    assert (fine.old, fine.as_of, fine.error) == (False, AT, "")
    notice = Notice.objects.get(kind="pack")
    assert (notice.address, notice.fields) == ("lead@example.nhs.uk", {"link": "/service/"})

    # It is tried again every minute, told again after an hour, and forgotten when it works.
    assert pack_round(AT + MINUTE) == 0
    assert Notice.objects.filter(kind="pack").count() == 1
    pack_round(AT + 61 * MINUTE)
    assert Notice.objects.filter(kind="pack").count() == 2
    places[0].unlink()
    assert pack_round(AT + 63 * MINUTE) == 1
    assert downtime_pack.standing(AT + 63 * MINUTE)[0].error == ""


def test_a_pack_that_cannot_be_drawn_is_a_failure_of_every_place(team, places, monkeypatch):
    monkeypatch.setattr(downtime_pack.panels, "ask", lambda *_, **__: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        pack_round(AT)
    assert {each.error for each in downtime_pack.standing(AT)} == {"ZeroDivisionError"}


@pytest.mark.parametrize("dies_at", ["fsync", "replace"])
def test_a_process_that_is_killed_leaves_the_old_file_whole(tmp_path, dies_at):
    downtime_pack.write(tmp_path, "mscc-downtime-1-a.html", b"old")
    if (child := os.fork()) == 0:  # pragma: no cover
        setattr(os, dies_at, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        downtime_pack.write(tmp_path, "mscc-downtime-1-a.html", b"new, and longer" * 9999)
        os._exit(0)
    _, status = os.waitpid(child, 0)

    assert os.WTERMSIG(status) == signal.SIGKILL
    assert (tmp_path / "mscc-downtime-1-a.html").read_bytes() == b"old"
    # What it left is hidden, goes with the next pack, and is never taken for one.
    assert len(list(tmp_path.glob(".*.part"))) == 1
    downtime_pack.keep_last(tmp_path, 48)
    assert names(tmp_path) == ["mscc-downtime-1-a.html"]


def test_a_full_disk_leaves_nothing_half_written(tmp_path, monkeypatch):
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        downtime_pack.write(tmp_path, "mscc-downtime-1-a.html", b"new")
    assert names(tmp_path) == []


def test_only_the_last_packs_are_kept_and_nothing_else_is_touched(team, places, settings):
    settings.DOWNTIME_PACK_KEEP = 2
    places[0].mkdir()
    (places[0] / "notes.txt").write_text("somebody's own")
    for number in range(4):
        pack_round(AT + number * 15 * MINUTE)

    kept = names(places[0])
    assert len(kept) == 5
    assert "notes.txt" in kept
    assert sum("0930Z" in name or "0945Z" in name for name in kept) == 4


def test_the_copy_that_leaves_is_on_the_trail(team, places):
    refer(team)
    pack_round(AT)

    row = Trail.objects.get(action="downtime_pack_written")
    assert (row.process, row.at, row.details["people"]) == ("downtime pack", AT, 1)
    assert row.details["sealed_for"] == 1


def test_it_says_everything_that_is_needed_without_the_system(team):
    new = refer(team)
    referral = ReferralFactory(team=team, mri_booked=True)
    opinions.ask_opinion(
        referral.pk,
        opinions.Question("oncology", "Fit for radiotherapy?"),
        command=command(team.coordinator, AT + 20 * MINUTE),
    )
    milestones.record_milestone(
        referral.pk,
        milestones.Happening(MilestoneKind.IMMOBILISATION_STARTED, AT),
        command=command(team.coordinator, AT + 21 * MINUTE),
    )
    stranger = ReferralFactory()
    pack = downtime_sheets.pack_of(team.place.alliance.ref, AT + 30 * MINUTE)

    assert [each.reference for each in pack.people] == [new.reference, referral.reference]
    first, second = pack.people
    assert first.new
    assert first.holder == ""
    assert first.pages == ("New referral: paged since Sat 21 Nov, 09:00 GMT, nobody has answered",)
    assert second.holder == team.coordinator.name
    assert second.nhs.replace(" ", "") == referral.patient.nhs_number
    assert ("MRI", "Sun 22 Nov, 09:00 GMT") in [(each.what, each.when) for each in second.timed]
    assert any("Scan booked for Sat 21 Nov, 11:10 GMT" in line for line in second.outstanding)
    assert second.opinions[0].startswith("Oncology, asked Sat 21 Nov, 09:20 GMT")
    assert second.opinions[0].endswith("Fit for radiotherapy?")
    html = downtime_sheets.drawn(team.place.alliance.ref, AT)["html"].decode()
    assert stranger.reference not in html
    assert team.coordinator.name in html


def test_the_times_of_a_pack_have_their_zone_on_both_sides_of_a_clock_change(team):
    before = AT.replace(month=3, day=27, year=2027, hour=12)
    refer(team, at=before)
    pack = downtime_sheets.pack_of(team.place.alliance.ref, before)

    assert (pack.at, pack.until) == (
        "Sat 27 Mar 2027, 12:00 GMT",
        "Sun 28 Mar 2027, 13:00 BST",
    )
    assert "Sun 28 Mar 2027, 13:00 BST" in pack.people[0].timed[-1].when


def test_the_html_fetches_nothing(team):
    refer(team)
    html = downtime_sheets.drawn(team.place.alliance.ref, AT)["html"].decode()

    assert not re.findall(r"https?://|//[a-z]|url\(|@import|<link|<img|src=|fetch\(", html)
    assert "default-src 'none'" in html
    assert "as of Sat 21 Nov 2026, 09:00 GMT" in html
    assert "Do not use after Sun 22 Nov 2026, 09:00 GMT" in html


def test_names_of_every_alphabet_we_know_are_on_paper(team):
    """A PDF's built-in fonts would lose them, or refuse."""
    referral = refer(team)
    patient = referral.patient
    patient.family_name, patient.given_name = "Żółć-Nguyễn", "Παύλος Łukasz Фёдор"
    patient.save()

    assert downtime_sheets.drawn(team.place.alliance.ref, AT)["pdf"].startswith(b"%PDF-")


def test_the_command_writes_one_and_opens_one(team, places, key, tmp_path, capfd):
    referral = refer(team)
    call_command("downtime_pack")
    [sealed] = places[0].glob("*.html.age")
    (tmp_path / "key.txt").write_text(f"# created: today\n{key}\n")

    call_command("downtime_pack", "--read", sealed, "--identity", tmp_path / "key.txt")
    assert referral.reference in capfd.readouterr().out
    with pytest.raises(CommandError, match="--identity"):
        call_command("downtime_pack", "--read", sealed)
    (tmp_path / "wrong.txt").write_text(str(pyrage.x25519.Identity.generate()))
    with pytest.raises(CommandError, match="does not open"):
        call_command("downtime_pack", "--read", sealed, "--identity", tmp_path / "wrong.txt")


def test_the_command_refuses_without_a_key(team, places, settings):
    settings.DOWNTIME_PACK_KEYS = []

    with pytest.raises(CommandError, match="DOWNTIME_PACK_KEYS"):
        call_command("downtime_pack")
