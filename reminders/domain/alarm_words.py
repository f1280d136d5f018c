"""What administrators are told when something is wrong with the engine, and when it is over. Pure; plain English."""

from datetime import datetime

from programs.domain.localtime import zone_of
from reminders.domain.alarms import Finding
from reminders.enums import AlarmKind

REHEARSAL = "This comes from a rehearsal: the clock was moved, nothing here is real."


def moment(at: datetime, zone: str) -> str:
    """`Tue 17 Nov, 14:05 (Europe/Berlin)`: an instant as its reader's clock shows it."""
    local = at.astimezone(zone_of(zone))
    return f"{local:%a} {local.day} {local:%b}, {local:%H:%M} ({zone_of(zone).key})"


def subject(kind: AlarmKind) -> str:
    """The subject of the alarm, the urgent word first, under 78 characters."""
    return _SUBJECTS[kind]


def paragraphs(finding: Finding, since: str, page: str) -> list[str]:
    """The alarm in paragraphs; `since` is the written moment, `page` the address where it can be looked after."""
    return [_what(finding, since), _DO[finding.kind], f"Look after it here: {page}"]


def _what(finding: Finding, since: str) -> str:
    match finding.kind:
        case AlarmKind.SILENCE:
            return f"Reminders are not going out since {since}: the reminder engine makes no passes. {finding.detail}"
        case AlarmKind.SERVER:
            return (
                f"The mail server cannot be reached since {since}. It said: {finding.detail or 'nothing'}. "
                "No reminder is lost; all of them wait."
            )
        case AlarmKind.HELD:
            return (
                f"{finding.number} {_many(finding.number, 'reminder is', 'reminders are')} held for review in "
                f"{finding.programs} {_many(finding.programs, 'program', 'programs')} since {since}: "
                "too many at once, or a restored copy."
            )
        case AlarmKind.FAULTY:
            return (
                f"The reminders of {finding.number} {_many(finding.number, 'program', 'programs')} cannot be planned "
                f"since {since}, so none of theirs go out. The first fault: {finding.detail}"
            )
        case AlarmKind.DISK:
            return f"The disk of the data folder is nearly full or cannot be written since {since}: {finding.detail}"
        case AlarmKind.PAUSE:
            return f"An administrator has paused the reminder engine since {since}."


def end_subject(kind: AlarmKind) -> str:
    """The subject of the all-clear."""
    return _ENDS[kind][0]


def end_paragraphs(kind: AlarmKind, since: str, ended: str) -> list[str]:
    """The all-clear: what is well again, and from when to when it was not."""
    return [f"{_ENDS[kind][1]} It was not so from {since} to {ended}."]


def banner(kind: AlarmKind, number: int) -> str:
    """The words over every page, before "since" and the moment."""
    match kind:
        case AlarmKind.HELD:
            return f"{number} {_many(number, 'reminder is', 'reminders are')} held for review"
        case AlarmKind.FAULTY:
            return (
                f"The reminders of {number} {_many(number, 'program', 'programs')} cannot be planned and do not go out"
            )
        case AlarmKind.SILENCE:
            return "Reminders are not going out"
        case AlarmKind.PAUSE:
            return "Reminders are not going out: an administrator has paused the engine"
        case AlarmKind.SERVER:
            return "Reminders are not going out: the mail server cannot be reached"
        case AlarmKind.DISK:
            return "The disk of this installation is nearly full or cannot be written"


def _many(number: int, one: str, more: str) -> str:
    return one if number == 1 else more


_SUBJECTS = {
    AlarmKind.SILENCE: "Alarm: reminders are not going out",
    AlarmKind.PAUSE: "Alarm: the reminder engine is paused",
    AlarmKind.SERVER: "Alarm: the mail server cannot be reached",
    AlarmKind.HELD: "Held: reminders wait for your review",
    AlarmKind.FAULTY: "Fault: reminders of a program cannot be planned",
    AlarmKind.DISK: "Alarm: the disk is nearly full",
}
_DO = {
    AlarmKind.SILENCE: (
        "Check that the beat and a worker run, and their logs. What is due waits in the database and goes out, once, "
        "when the engine makes its next pass."
    ),
    AlarmKind.PAUSE: "Let it run again when the reason is gone.",
    AlarmKind.SERVER: "Check EMAIL_URL, the server's own state and the network between.",
    AlarmKind.HELD: "Release what should go out, discard what should not. Nothing of it leaves before.",
    AlarmKind.FAULTY: "The page names each program and its fault; the other programs are not affected.",
    AlarmKind.DISK: "Make room or mend the disk: without it nothing can be saved and no pass can be recorded.",
}
_ENDS = {
    AlarmKind.SILENCE: (
        "Over: reminders go out again",
        "The reminder engine makes its passes again; what was due meanwhile goes out now.",
    ),
    AlarmKind.SERVER: (
        "Over: the mail server can be reached again",
        "The mail server takes mail again; what waited goes out now.",
    ),
    AlarmKind.DISK: ("Over: the disk has room again", "The disk of the data folder has room and can be written again."),
}
