"""Writes of the playbooks app: launching a program, the example portfolio, bulk portfolios for benchmarks."""

from playbooks.services.examples import load_examples, remove_examples
from playbooks.services.launching import launch

__all__ = ["launch", "load_examples", "remove_examples"]
