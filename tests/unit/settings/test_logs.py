"""Nothing of a patient reaches a log, whoever writes to it."""

import io
import json
import logging

import pytest
import structlog


@pytest.fixture
def written():
    """Write something, and read the one line that came of it."""
    [handler] = [
        handler
        for handler in logging.root.handlers
        if isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter)
    ]
    out = io.StringIO()
    before, level = handler.setStream(out), logging.root.manager.disable
    logging.disable(logging.NOTSET)

    def read():
        [line] = out.getvalue().splitlines()
        return json.loads(line)

    yield read
    logging.disable(level)
    handler.setStream(before)


def test_a_library_s_message_keeps_its_words_and_loses_its_values(written):
    logging.getLogger("some.library").warning("Row %s is wrong", "Zebedee", extra={"who": "Z"})
    line = written()
    assert line["event"] == "Row %s is wrong"
    assert "who" not in line


def test_our_own_facts_keep_the_keys_somebody_thought_about(written):
    log = structlog.get_logger("mscc.test")
    log.warning("swept", count=3, patient="Zebedee", nhs_number="9990000000")
    line = written()
    assert (line["event"], line["count"], line["level"]) == ("swept", 3, "warning")
    assert {"patient", "nhs_number"}.isdisjoint(line)


def test_an_error_is_its_class_and_its_place_without_its_words(written):
    try:
        raise ValueError("Key (name)=(Zebedee) already exists")
    except ValueError:
        structlog.get_logger("mscc.test").exception("failed")
    line = written()
    assert line["error"] == "builtins.ValueError"
    assert "test_logs.py" in line["where"][-1]
    assert "Zebedee" not in json.dumps(line)


def test_an_object_is_not_printed(written):
    class Patient:
        def __repr__(self):
            return "Zebedee"

    structlog.get_logger("mscc.test").warning("kept", request=Patient(), count=1)
    line = written()
    assert "request" not in line
    assert line["count"] == 1


def test_one_entry_is_one_line(written):
    structlog.get_logger("mscc.test").warning("said", reason='x\n{"event": "forged"}')
    assert written()["event"] == "said"
