"""Writes of the calendar after day 90, one subject a file."""
