"""Reads of the metrics, one subject a file. Must not write."""
