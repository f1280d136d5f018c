"""Records the challenge session: who was there and what was answered (S31)."""

import datetime as dt
from collections.abc import Collection, Mapping

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Conflict, Invalid
from core.text import one_line
from phases.models import ChallengeQuestion
from programs.models import Program
from programs.selectors import Cast, cast_of
from registers import policies
from registers.models import ChallengeAnswer, ChallengeSession
from registers.services.base import QUICKER, hold, note, past, record

ALSO_LIMIT = 400


@transaction.atomic
def record_session(
    *,
    actor: User,
    program: Program,
    held_on: dt.date,
    led_by: User,
    present: Collection[User],
    answers: Mapping[int, str],
    also_present: str = "",
    version: int | None = None,
) -> ChallengeSession:
    """Record the session, whole or in part; `answers` are by question position, an empty one is not answered yet.

    An answer once given may be reworded, not emptied; the record keeps every version of it. `version` is 0 for a
    session that is not there yet. Errors: NotAllowed, Conflict, Invalid (nobody present, a day that lies ahead).
    """
    cast = cast_of(program)
    policies.may_hold_session(actor, cast).require()
    program = hold(program)
    values = _people(cast, led_by, present)
    past(held_on, program, "held_on", "Record the session when it has been held.")
    also = one_line(also_present)
    if len(also) > ALSO_LIMIT:
        raise Invalid(f"Keep it to {ALSO_LIMIT} characters; this has {len(also)}.", field="also_present")
    questions = {q.position: q for q in ChallengeQuestion.objects.filter(program=program)}
    said = {place: note(text, f"answer_{place}") for place, text in answers.items() if place in questions}
    session = ChallengeSession.objects.filter(program=program).first()
    before = _answers(session)
    if _same(session, held_on, led_by, values, also, before, said):
        return session  # type: ignore[return-value]  # _same is false without a session
    if version is not None and version != (session.version if session else 0):
        raise Conflict(
            QUICKER, current=f"{len(before)} of {len(questions)} answered, led by {session and session.led_by}"
        )
    emptied = [place for place, answer in before.items() if place in said and not said[place]]
    if emptied:
        raise Invalid("An answer on record may be reworded, not emptied.", field=f"answer_{emptied[0]}")
    session = session or ChallengeSession(program=program, version=0)
    session.held_on, session.led_by, session.also_present = held_on, led_by, also
    session.version += 1
    session.save()
    session.present.set(values)
    changed = [_store(session, questions[place], text, actor) for place, text in sorted(said.items()) if text]
    left = sum(place not in before and not said.get(place) for place in questions)
    record(
        actor,
        Verb.CHALLENGE_ANSWERED,
        session,
        program,
        held_on=held_on.isoformat(),
        led_by=led_by.pk,
        present=[person.pk for person in values],
        answers={str(place): text for place, text in changed if before.get(place) != text},
        unanswered=left,
    )
    return session


def _people(cast: Cast, led_by: User, present: Collection[User]) -> list[User]:
    known = {person.pk for person in cast.people}
    if led_by.pk not in known:
        raise Invalid("Choose somebody who has a role in this program.", field="led_by")
    if not present:
        raise Invalid("Say who was there; a challenge needs at least one other person.", field="present")
    if any(person.pk not in known for person in present):
        raise Invalid("Choose people who have a role in this program.", field="present")
    if {person.pk for person in present} == {led_by.pk}:
        raise Invalid("A challenge needs somebody besides the person who led it.", field="present")
    return sorted({*present, led_by}, key=lambda person: person.pk)


def _answers(session: ChallengeSession | None) -> dict[int, str]:
    if session is None:
        return {}
    return dict(session.answers.values_list("question__position", "text"))


def _same(
    session: ChallengeSession | None,
    held_on: dt.date,
    led_by: User,
    present: list[User],
    also: str,
    before: dict[int, str],
    said: dict[int, str],
) -> bool:
    """Whether the form was sent twice: everything it says is on record already."""
    if session is None or (session.held_on, session.led_by_id, session.also_present) != (held_on, led_by.pk, also):
        return False
    if {person.pk for person in present} != set(session.present.values_list("pk", flat=True)):
        return False
    return all(before.get(place, "") == text for place, text in said.items())


def _store(session: ChallengeSession, question: ChallengeQuestion, text: str, actor: User) -> tuple[int, str]:
    answer = ChallengeAnswer.objects.filter(session=session, question=question).first()
    if answer is None or answer.text != text:
        answer = answer or ChallengeAnswer(session=session, question=question)
        answer.text, answer.answered_by, answer.answered_at = text, actor, clock.now()
        answer.save()
    return question.position, text
