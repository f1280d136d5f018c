"""Writes of escalation: start a path, tell its rungs, acknowledge, end, change a path."""

from escalation.services.advancing import advance
from escalation.services.answering import acknowledge, end_by_hand
from escalation.services.paths import LevelInput, change_path
from escalation.services.starting import About, start_by_hand

__all__ = ["About", "LevelInput", "acknowledge", "advance", "change_path", "end_by_hand", "start_by_hand"]
