"""When a challenge session is complete (S31). Pure: no Django, no clock, no I/O."""

from collections.abc import Collection, Mapping


def unanswered(questions: Collection[int], answers: Mapping[int, str]) -> list[int]:
    """Return the positions of questions without an answer, in order."""
    return sorted(position for position in questions if not answers.get(position, "").strip())


def is_complete(questions: Collection[int], answers: Mapping[int, str]) -> bool:
    """Say whether every question has an answer; a session without questions is never complete."""
    return bool(questions) and not unanswered(questions, answers)
