from scheduling.notify.models import Notice, NoticeAttempt

__all__ = ["Notice", "NoticeAttempt"]
