"""Reads escalations: whom a rung tells, by which clock, where everything stands."""
