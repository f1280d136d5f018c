"""Which release this is: one name for mails, pages and metrics. Kept equal to pyproject.toml by a test."""

VERSION = "0.1.0"
