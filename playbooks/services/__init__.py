"""Writes of the playbooks app: launching a program, the example portfolio, bulk portfolios for benchmarks."""

from playbooks.services.launching import launch

__all__ = ["launch"]
