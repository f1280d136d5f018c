"""Reads the challenge session: for its page and for the pack of gate 30 (S31). Must not write."""

import datetime as dt
from dataclasses import dataclass

from accounts.models import User
from phases.models import ChallengeQuestion
from programs.models import Program
from registers.domain import challenge as rules
from registers.models import ChallengeAnswer, ChallengeSession


@dataclass(frozen=True)
class Asked:
    """One question with its answer, if there is one."""

    question: ChallengeQuestion
    answer: ChallengeAnswer | None

    @property
    def text(self) -> str:
        """The answer's words, empty without one."""
        return self.answer.text if self.answer else ""


@dataclass(frozen=True)
class ChallengeRecord:
    """The session as it stands: attaches to the pack of gate 30."""

    session: ChallengeSession | None
    asked: tuple[Asked, ...]
    present: tuple[User, ...]

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return sum(bool(row.text) for row in self.asked)

    @property
    def is_complete(self) -> bool:
        """Whether all of its questions have an answer."""
        positions = [row.question.position for row in self.asked]
        return rules.is_complete(positions, {row.question.position: row.text for row in self.asked})

    @property
    def held_on(self) -> dt.date | None:
        """The day of the session."""
        return self.session.held_on if self.session else None

    @property
    def led_by(self) -> User | None:
        """Who led it."""
        return self.session.led_by if self.session else None

    @property
    def themes(self) -> list[tuple[str, list[Asked]]]:
        """The questions under their themes, in order."""
        found: dict[str, list[Asked]] = {}
        for row in self.asked:
            found.setdefault(row.question.theme, []).append(row)
        return list(found.items())


def challenge_record(program: Program) -> ChallengeRecord:
    """Return questions, answers and people of a program's session (four queries at most)."""
    session = ChallengeSession.objects.filter(program=program).select_related("led_by").first()
    questions = list(ChallengeQuestion.objects.filter(program=program))
    if session is None:
        return ChallengeRecord(None, tuple(Asked(question, None) for question in questions), ())
    session.program = program
    answers = {
        answer.question_id: answer
        for answer in ChallengeAnswer.objects.filter(session=session).select_related("answered_by")
    }
    asked = tuple(Asked(question, answers.get(question.pk)) for question in questions)
    return ChallengeRecord(session, asked, tuple(session.present.order_by("name", "email")))
