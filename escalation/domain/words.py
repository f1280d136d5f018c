"""A rung's time in words, the same on pages, in mails and in the record. Pure."""

from programs.enums import Duration

_UNITS = {Duration.MINUTES: "minute", Duration.HOURS: "hour", Duration.WORKING_DAYS: "working day"}


def wait_words(unit: str, amount: int, *, first: bool = False, round_the_clock: bool = False) -> str:
    """Say when a rung is told: "at once", "after 4 working hours", "the same day"; for the first its time to act."""
    kind = Duration(unit)
    if kind is Duration.AT_ONCE:
        return "at once"
    if kind is Duration.SAME_DAY:
        return "at once, to act the same day" if first else "the same day"
    word = _UNITS[kind]
    if kind is Duration.HOURS and not round_the_clock:
        word = "working hour"
    time = f"{amount} {word}{'' if amount == 1 else 's'}"
    return f"at once, with {time} to act" if first else f"after {time}"
