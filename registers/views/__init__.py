"""Pages of the registers, one register a file."""
