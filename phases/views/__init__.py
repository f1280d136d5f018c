"""Pages of the plan, one subject a file."""
