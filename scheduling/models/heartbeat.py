"""Proof of work: a process that is alive but does nothing is as bad as a dead one."""

from django.db import models


class Heartbeat(models.Model):
    """One process of ours. `beat_at`: it ran; `progress_at`: it finished a round of work.

    `process` is what kind of process did it (worker, guardian), `build` of which release.
    `backlog` and `oldest_due_s` are what it left undone at its last look: how many pieces, at most
    a thousand are counted, and for how many seconds the oldest has been due.
    """

    component = models.CharField(max_length=20)
    instance = models.CharField(max_length=80)
    process = models.CharField(max_length=20, blank=True, default="", db_default="")
    build = models.CharField(max_length=40, blank=True, default="", db_default="")
    beat_at = models.DateTimeField()
    progress_at = models.DateTimeField(null=True)
    backlog = models.PositiveIntegerField(null=True)
    oldest_due_s = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["component", "instance"], name="heartbeat_once")
        ]

    def __str__(self) -> str:
        return f"{self.component} {self.instance}"
