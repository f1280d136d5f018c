"""Runs a rehearsal: the moving clock, the post office on loopback, the people of the steady scenario."""

from rehearsal.services.running import Scenario, rehearse

__all__ = ["Scenario", "rehearse"]
