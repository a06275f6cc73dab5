"""References people can say over a telephone: K7Q-4F. Random, never derived from the person."""

import secrets

# No vowels (no words), no 0/O, 1/I/L, 5/S, 2/Z, 8/B: read aloud at three in the morning.
ALPHABET = "3479CDFGHJKMNPQRTVWXY"
_GROUPS = (3, 2)


def new_reference() -> str:
    """A new reference; about four million exist, and the database refuses a second use."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(n)) for n in _GROUPS)


def new_status_token() -> str:
    """256 bits for the status link, which works without an account and so must not be guessed."""
    return secrets.token_urlsafe(32)
