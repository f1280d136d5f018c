"""What the Makefile runs; nothing in the application imports it."""
