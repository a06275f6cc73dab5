"""Proof of work: a process that is alive but does nothing is as bad as a dead one."""

from django.db import models


class Heartbeat(models.Model):
    """One process of ours. `beat_at`: it ran; `progress_at`: it finished a round of work."""

    component = models.CharField(max_length=20)
    instance = models.CharField(max_length=80)
    beat_at = models.DateTimeField()
    progress_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["component", "instance"], name="heartbeat_once")
        ]

    def __str__(self) -> str:
        return f"{self.component} {self.instance}"
