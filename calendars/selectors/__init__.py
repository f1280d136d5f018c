"""Reads of the calendars app, one subject a file. Must not write."""
