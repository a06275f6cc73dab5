"""The demo: made-up people and referrals, and a clock that can be moved. Never in production."""
