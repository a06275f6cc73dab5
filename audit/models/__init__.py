"""What happened, for ever; and how well, as often as it is asked."""

from audit.models.journey import Journey, JourneyChanged
from audit.models.trail import Trail

__all__ = ["Journey", "JourneyChanged", "Trail"]
