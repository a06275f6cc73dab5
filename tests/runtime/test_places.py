import os
import pwd
from pathlib import Path

import pytest

from mscc.runtime import places
from mscc.runtime.places import Account, Trouble

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs servers as somebody else")


def test_two_checkouts_never_share_their_data(monkeypatch):
    monkeypatch.delenv("MSCC_STATE", raising=False)
    first = places.state_folder()
    monkeypatch.setattr(places, "ROOT", Path("/somewhere/else") / places.ROOT.name)
    assert places.state_folder() != first
    assert places.state_folder().parent == first.parent


def test_an_ordinary_users_data_is_where_that_user_keeps_state(monkeypatch):
    monkeypatch.delenv("MSCC_STATE", raising=False)
    monkeypatch.setattr(places.os, "geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_STATE_HOME", "/home/someone/.state")
    assert places.service_account() is None
    assert places.state_folder().is_relative_to("/home/someone/.state/mscc-coordination")
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", "/home/someone")
    assert places.state_folder().is_relative_to("/home/someone/.local/state/mscc-coordination")


def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(Trouble, match="set MSCC_STATE to a folder you may write"):
        places.make_folder(tmp_path / "file" / "below")


@as_root
def test_root_runs_the_servers_as_somebody_else_from_a_closed_folder(tmp_path):
    """As in root's home, with a strict umask: the programs are copied to where they can be run."""
    nobody = pwd.getpwnam("nobody")
    account = Account("nobody", nobody.pw_uid, nobody.pw_gid)
    program = tmp_path / "closed" / "site-packages" / "package" / "install" / "bin" / "program"
    before = os.umask(0o077)
    state = Path("/var/tmp") / f"mscc-places-{os.getpid()}"
    try:
        program.parent.mkdir(parents=True)
        program.write_text("#!/bin/sh\ncat ${0%/*}/../share/version\n")
        program.chmod(0o700)
        (program.parent.parent / "share").mkdir()
        (program.parent.parent / "share" / "version").write_text("1\n")
        copy = places.reachable(program, account, state / "programs")
        assert copy != program
        assert copy == places.reachable(program, account, state / "programs")
        assert (copy.parent.parent / "share" / "version").stat().st_mode & 0o004
    finally:
        os.umask(before)
        places.shutil.rmtree(state, ignore_errors=True)


def test_an_ordinary_user_runs_the_programs_where_they_are(tmp_path):
    assert places.reachable(tmp_path / "program", None, tmp_path / "copies") == tmp_path / "program"
