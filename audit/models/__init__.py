"""What happened, for ever."""

from audit.models.trail import Trail

__all__ = ["Trail"]
