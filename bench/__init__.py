"""Benchmarks: the pages people wait for, the engine, the mails. `make bench`; nothing in the application imports it."""
