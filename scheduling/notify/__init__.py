"""Telling people: an outbox, its dispatch and the transports. Imports no sibling of scheduling."""
