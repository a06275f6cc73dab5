"""Two questions of whoever runs this: is the process alive, and can it serve people?"""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

_migrated = False


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "alive"})


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers and knows every migration of this code; 503 with the reason if not."""
    why = ""
    try:
        database = "reachable" if _answers() else "unreachable"
        missing = _missing()
        migrations = "missing" if missing else "applied"
        if missing:
            why = f"The code is newer than the database: apply {', '.join(missing[:5])}."
    except DatabaseError:
        database, migrations = "unreachable", "unknown"
        why = "The database does not answer."
    ready = database == "reachable" and migrations == "applied"
    words = {
        "status": "ready" if ready else "not ready",
        "database": database,
        "migrations": migrations,
    }
    if why:
        words["why"] = why
    return JsonResponse(words, status=200 if ready else 503)


def _answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _missing() -> list[str]:
    """The migrations of this code that the database does not know, e.g. "scheduling 0010"."""
    # Asked until there is none: a migration is never taken back under running code.
    global _migrated
    if _migrated:
        return []
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    _migrated = not plan
    return [f"{step.app_label} {step.name.split('_')[0]}" for step, _ in plan]
