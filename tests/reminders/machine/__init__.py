"""The world of the state machine: a small program, a mail server that fails on purpose, workers that die."""
