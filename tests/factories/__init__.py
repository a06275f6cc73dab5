"""Synthetic people and referrals, each built at the stage a test needs."""
