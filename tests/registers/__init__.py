"""Tests of assumptions, issues, scope changes, the decision log and the challenge session."""
