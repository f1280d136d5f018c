"""Writes of the gates, one subject a file: policy, transaction, lock, change, activity entry."""
