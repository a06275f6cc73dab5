"""Thousands of referrals at once, copied in the database from one that was made properly."""

from datetime import timedelta

from django.db import connection

from referrals.models import Patient, Referral
from scheduling.models import Clock


def crowd(model: Referral, many: int, *, closed: bool = False, every: float = 60.0) -> None:
    """`many` copies of `model`, each with a person and an MRI clock, due `every` seconds apart.

    Closed ones have no clock, as those that are discharged.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TEMP TABLE crowd ON COMMIT DROP AS
            SELECT g, gen_random_uuid() AS patient, gen_random_uuid() AS referral,
                %s::timestamptz + g * %s AS due
            FROM generate_series(1, %s) AS g;
            """,
            [model.received_at + timedelta(hours=24), timedelta(seconds=every), many],
        )
        _copy(
            cursor,
            Patient,
            {"id": "patient", "nhs_number": "NULL", "nhs_number_absent_reason": "'copy'"},
            model.patient_id,
        )
        _copy(
            cursor,
            Referral,
            {
                "id": "referral",
                "patient_id": "patient",
                "reference": "substr(md5(referral::text), 1, 8)",
                "status_token": "substr(md5(referral::text), 1, 32)",
                "state": "'discharged'" if closed else "state",
                "closed_at": "received_at" if closed else "NULL",
                "next_due_at": "NULL" if closed else "due",
                "next_due_kind": "''" if closed else "'mri_24h'",
                "unread_since": "NULL",
            },
            model.pk,
        )
        if not closed:
            clock = Clock.objects.get(referral=model, kind="mri_24h")
            _copy(
                cursor,
                Clock,
                {
                    "id": "gen_random_uuid()",
                    "referral_id": "referral",
                    "started_at": "due - interval '24 hours'",
                    "at_risk_at": "due - interval '12 hours'",
                    "due_at": "due",
                },
                clock.pk,
            )
        cursor.execute("DROP TABLE crowd")
        cursor.execute("ANALYZE referrals_referral, scheduling_clock, referrals_patient")


def _copy(cursor: object, kind: type, changed: dict[str, str], source: object) -> None:
    columns = [field.column for field in kind._meta.concrete_fields]
    values = [changed.get(column, f"source.{column}") for column in columns]
    cursor.execute(
        f"INSERT INTO {kind._meta.db_table} ({', '.join(columns)}) "
        f"SELECT {', '.join(values)} FROM crowd, {kind._meta.db_table} AS source "
        "WHERE source.id = %s",
        [source],
    )
