"""Writes of the calendars app, one subject a file."""
