"""Whose address a request came from."""

import pytest

from mscc.web.requests import client_ip


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "198.51.100.1", "10.0.0.1"),  # nobody of ours stands in front: a claim is a claim
        (1, "6.6.6.6, 198.51.100.1", "198.51.100.1"),  # what the client claimed stands first
        (2, "6.6.6.6, 198.51.100.1, 10.0.0.7", "198.51.100.1"),
        (1, "", "10.0.0.1"),
        (2, "198.51.100.1", "10.0.0.1"),
    ],
)
def test_only_our_own_proxies_are_believed(rf, settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": forwarded})
    assert client_ip(request) == address
