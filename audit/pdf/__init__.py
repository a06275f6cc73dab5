"""Printing the report."""
