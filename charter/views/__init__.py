"""Pages of the charter, one subject a file."""
