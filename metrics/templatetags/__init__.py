"""Filters of the metric pages."""
