"""Tests of the processes: the embedded server, its threads and its lock."""
