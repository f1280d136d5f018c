"""Tests of the playbooks app."""
