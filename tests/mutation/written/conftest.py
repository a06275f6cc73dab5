"""For the copy in which mutants are tried: no database, no browser, and no chance."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "house",
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("house")
