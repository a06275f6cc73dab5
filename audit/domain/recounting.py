"""Counting again all that is stale by several processes: after a bulk load, or a rebuild."""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from django.db import connection

from audit.domain import cells


def recount(processes: int | None = None) -> int:
    """Count every stale cell, by a process for each core unless said otherwise; how many cells.

    Within a transaction by this one alone: others would not see what it wrote.
    """
    processes = 1 if connection.in_atomic_block else processes or os.cpu_count() or 1
    done = 0
    if processes > 1:
        months = cells.stale_cuts()
        connection.close()  # a line is not to be shared with those that come of this process
        with ProcessPoolExecutor(processes, get_context("fork")) as workers:
            done = sum(workers.map(cells.count_beside, months))
    return done + cells.freshen_all()
