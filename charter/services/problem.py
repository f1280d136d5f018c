"""Writes versions of the problem statement and their signatures (S27, S28)."""

from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from charter import policies
from charter.domain.problem import FIELDS
from charter.enums import CharterKind, Seat
from charter.models import ProblemSignature, ProblemStatement
from charter.selectors.problem import problem_words
from charter.services.base import LINE_LIMIT, line, newest_is, record
from core import clock
from core.errors import Conflict, Invalid
from core.text import shorten
from programs.models import Program
from programs.selectors import cast_of
from registers.services.base import head, hold, needed, note, sent_before

LINES = ("frequency", "cost_today", "measure", "target")
"""The fields that are one line."""


@transaction.atomic
def write_problem(
    *, actor: User, program: Program, words: Mapping[str, str], reason: str = "", base: int | None = None, key: str = ""
) -> ProblemStatement:
    """Write the next version; `words` holds the fields of `charter.domain.problem.FIELDS`.

    A version after the first needs a reason. It asks for both signatures anew (S28). `base` is the version it was
    drawn from, 0 for none. Errors: NotAllowed, Conflict (a newer version is there), Invalid (a field empty, no reason,
    nothing changed).
    """
    policies.may_write_outcome(actor, cast_of(program)).require()
    program = hold(program)
    twin = sent_before(ProblemStatement, actor, program, key)
    if twin is not None:
        return twin
    before = ProblemStatement.objects.filter(program=program).order_by("-number").first()
    newest_is(base, before.number if before else 0, f"{before}: {before.problem}" if before else "")
    content = {name: _field(words.get(name, ""), name) for name in FIELDS}
    if before is not None and problem_words(before) == content:
        raise Invalid("Nothing differs from the version before.")
    why = needed(reason, "reason", "Say why there is a new version; it has to be signed again.") if before else ""
    row = ProblemStatement.objects.create(**head(ProblemStatement, actor, program, key), **content, reason=why)
    ProblemSignature.objects.bulk_create(ProblemSignature(statement=row, seat=seat.value) for seat in Seat)
    record(
        actor, Verb.PROBLEM_WRITTEN, CharterKind.PROBLEM, row.pk, shorten(row.problem, 120), program,
        number=row.number, reason=why,
    )  # fmt: skip
    return row


@transaction.atomic
def sign_problem(*, actor: User, program: Program, seat: Seat, number: int) -> ProblemSignature:
    """Sign a version in a seat; signing again changes nothing. Only the newest version can be signed.

    Errors: NotAllowed (not the seat's role; the other signature is the same person's, S28), Conflict (there is a newer
    version: what is signed must be what was read), Invalid (no statement).
    """
    program = hold(program)
    row = ProblemStatement.objects.filter(program=program).order_by("-number").first()
    if row is None:
        raise Invalid("There is no problem statement yet that could be signed.")
    policies.may_sign(actor, row, seat, cast_of(program)).require()
    if row.number != number:
        raise Conflict(
            "There is a newer version of the problem statement; read it before you sign.", current=row.problem
        )
    signature = row.signatures.get(seat=seat.value)
    if signature.signed_by_id is not None:
        return signature
    signature.signed_by, signature.signed_at = actor, clock.now()
    signature.save(update_fields=["signed_by", "signed_at"])
    record(
        actor, Verb.PROBLEM_SIGNED, CharterKind.PROBLEM, row.pk, shorten(row.problem, 120), program,
        number=row.number, seat=seat.value,
    )  # fmt: skip
    return signature


def _field(text: str, name: str) -> str:
    cleaned = line(text, name, LINE_LIMIT) if name in LINES else note(text, name)
    if not cleaned:
        raise Invalid("This has to be filled in before anybody can sign.", field=name)
    return cleaned
