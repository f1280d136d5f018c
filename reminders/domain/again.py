"""Reminders that somebody sends again by hand: what marks them, and how often that may be (rule 8).

Pure. The key of such a reminder is that of the first one with `resend-N` behind it, so the planner, which looks for
its own keys and occurrences, never takes it for a step of a ladder or for something that left before.
"""

MARK = "resend-"
A_DAY = 3
"""Times a day that reminders about one item may be sent again."""
IN_ALL = 9
"""Times that one reminder may be sent again; whoever needs more should speak to the person."""
STANDS = 5
"""Working days for which a reminder that was sent again still makes sense."""


def is_again(occurrence: str) -> bool:
    """Whether a reminder was sent again by hand."""
    return occurrence.startswith(MARK)


def first_key(key: str) -> str:
    """The key of the reminder that was sent again; the key itself for a first one."""
    return key.split(f"|{MARK}", 1)[0]


def first_occurrence(key: str, occurrence: str) -> str:
    """The occurrence of the reminder that was sent again; its own for a first one."""
    return first_key(key).split("|")[2] if is_again(occurrence) else occurrence


def again_occurrence(number: int) -> str:
    """The occurrence of the `number`th time, counted from 1."""
    return f"{MARK}{number}"


def again_key(key: str, number: int) -> str:
    """The key of the `number`th time that the reminder with `key` is sent again."""
    return f"{first_key(key)}|{again_occurrence(number)}"


def every_key(key: str) -> list[str]:
    """The keys of all times that are allowed."""
    return [again_key(key, number) for number in range(1, IN_ALL + 1)]
