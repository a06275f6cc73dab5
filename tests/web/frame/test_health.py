"""Is it alive, and is it ready?"""

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from mscc import health


def test_alive_asks_nothing_of_the_database(client):
    # Without the django_db mark, any statement would fail this test.
    client.cookies["mscc-session"] = "k" * 32
    assert client.get("/healthz").json() == {"status": "alive"}


@pytest.mark.django_db
def test_ready_when_the_database_answers_and_every_migration_is_applied(monkeypatch):
    monkeypatch.setattr(health, "_migrated", False)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ready", "database": "reachable", "migrations": "applied"},
    )


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(monkeypatch):
    monkeypatch.setattr(health, "_migrated", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'people'")
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, "missing")


@pytest.mark.django_db
def test_a_database_made_step_by_step_before_the_first_release_is_ready(monkeypatch):
    monkeypatch.setattr(health, "_migrated", False)
    new = [("referrals", "0001_initial"), ("audit", "0001_initial")]
    new += [("scheduling", "0001_initial"), ("scheduling", "0002_guards")]
    with connection.cursor() as cursor:
        for step in new:
            cursor.execute("DELETE FROM django_migrations WHERE (app, name) = (%s, %s)", step)
            assert cursor.rowcount == 1
    assert Client().get("/readyz").status_code == 200


@pytest.mark.django_db
def test_not_ready_while_the_database_does_not_answer(monkeypatch):
    def away():
        raise DatabaseError

    monkeypatch.setattr(health, "_answers", away)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "unreachable")


@pytest.mark.django_db
def test_only_reading_is_answered():
    assert Client().post("/healthz").status_code == 405
