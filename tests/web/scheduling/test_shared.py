"""One answer for many askers."""

import threading
import time

import pytest

from scheduling.views.shared import Shared


class Counting:
    def __init__(self, wait=0.0):
        self.times, self.wait = 0, wait

    def __call__(self):
        self.times += 1
        time.sleep(self.wait)
        return self.times


def test_a_hundred_who_ask_at_once_are_answered_by_one_search():
    shared, find, heard = Shared(seconds=60, most=10), Counting(wait=0.05), []
    threads = [
        threading.Thread(target=lambda: heard.append(shared.get("board", find))) for _ in range(100)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (find.times, heard) == (1, [1] * 100)


def test_somebody_elses_answer_is_never_handed_out():
    shared = Shared(seconds=60, most=10)
    assert shared.get(("trust", 1), lambda: "mine") == "mine"
    assert shared.get(("trust", 2), lambda: "theirs") == "theirs"
    assert shared.get(("trust", 1), lambda: "wrong") == "mine"


def test_an_answer_grows_old():
    shared, find = Shared(seconds=0.02, most=10), Counting()
    shared.get("board", find)
    time.sleep(0.03)
    assert shared.get("board", find) == 2


def test_an_answer_that_its_key_determines_does_not():
    shared, find = Shared(seconds=None, most=10), Counting()
    assert [shared.get("tag", find) for _ in range(3)] == [1, 1, 1]


def test_what_goes_wrong_is_told_and_tried_again():
    shared = Shared(seconds=60, most=10)
    with pytest.raises(ZeroDivisionError):
        shared.get("board", lambda: 1 // 0)
    assert shared.get("board", lambda: "found") == "found"


def test_it_keeps_no_more_than_it_says_and_drops_the_oldest():
    shared, find = Shared(seconds=None, most=3), Counting()
    for key in "abcd":
        shared.get(key, find)
    assert shared.get("b", find) == 2
    assert shared.get("a", find) == 5


def test_forgetting_forgets():
    shared, find = Shared(seconds=None, most=3), Counting()
    shared.get("a", find)
    shared.forget()
    assert shared.get("a", find) == 2
