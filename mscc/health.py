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
    try:
        database = "reachable" if _answers() else "unreachable"
        migrations = "applied" if _is_migrated() else "missing"
    except DatabaseError:
        database, migrations = "unreachable", "unknown"
    ready = database == "reachable" and migrations == "applied"
    words = {
        "status": "ready" if ready else "not ready",
        "database": database,
        "migrations": migrations,
    }
    return JsonResponse(words, status=200 if ready else 503)


def _answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _is_migrated() -> bool:
    # Asked until the answer is yes: a migration is never taken back under running code.
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated
