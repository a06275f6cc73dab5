"""Password rules beside Django's: long ones are welcome, endless ones are not."""

from django.core.exceptions import ValidationError

from mscc.people.models import User


class MaximumLengthValidator:
    """Refuses a password so long that hashing it would be an attack on us."""

    def __init__(self, max_length: int = 256) -> None:
        self.max_length = max_length

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError when the password has more characters than allowed."""
        if len(password) > self.max_length:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        """The rule in words."""
        return f"Your password can have up to {self.max_length} characters."
