"""Lives through a random program with the real launch, services and engine; mails are kept, not sent."""

import datetime as dt
import re

import yaml
from django.db import transaction

from accounts import services as accounts
from accounts.models import Absence, User
from activity import services as activity
from activity.enums import Verb
from core import clock
from phases import services as phases
from phases.models import Criterion, Event, Task
from playbooks.domain.spec import parse_spec
from playbooks.selectors import known_playbooks
from playbooks.services import launch
from programs.domain.localtime import zone_of
from programs.models import Program
from rehearsal.services.running import next_instant
from reminders.enums import Outcome, RuleSlug
from reminders.models import Delivery, Mail, Rule
from reminders.services import sending, tick
from reminders.services.transport import Reply
from tests.rehearsal.random_program import COVERED, Act, RandomProgram

Letter = tuple[str, dt.date, dt.datetime, str, list[tuple[str, str]]]
"""Address, local date, instant, Message-ID, and (item, rule) of each reminder in it."""


class Kept:
    """A mail server that takes everything and remembers when."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, dt.datetime, str]] = []

    def __enter__(self) -> "Kept":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def connect(self) -> Reply | None:
        """It is always there."""
        return None

    def begin(self, raw: bytes, sender: str, to: str) -> None:
        """Take a mail."""
        found = re.search(rb"^Message-ID: (\S+)", raw, re.MULTILINE)
        self.taken.append((to, clock.now(), found.group(1).decode() if found else ""))

    def finish(self) -> Reply:
        """Say so."""
        return Reply(Outcome.ACCEPTED, "250 kept")


def live(program: RandomProgram, until: dt.datetime) -> list[Letter]:
    """Every mail that left from the launch up to `until`."""
    post, now, acts = Kept(), program.launched, list(program.acts)
    sending.Transport = lambda: post  # type: ignore[assignment,misc]  # the server of this process
    clock.move(now, speed=0)
    made = _launched(program, now)
    admin = User.objects.create_user("admin@example.org", name="Admin", is_administrator=True)
    while now <= until:
        clock.move(now, speed=0)
        while acts and acts[0].at <= now:
            _happen(made, acts.pop(0), admin)
        tick()
        now = next_instant(now, acts[0].at if acts else None)
    return [_letter(*one) for one in post.taken]


def _launched(program: RandomProgram, now: dt.datetime) -> Program:
    """Launch for real, then leave a dozen items and the rules that are recomputed."""
    made = launch(actor=None, spec=parse_spec(yaml.safe_dump(program.spec()), known_playbooks()), now=now)
    slugs = [row["slug"] for _, row in program.items]
    for model in (Criterion, Task):
        model.objects.exclude(slug__in=slugs).delete()
    for slug in RuleSlug:
        if slug.value not in COVERED:
            Rule.objects.filter(slug=slug).update(definition={"enabled": False})
    for address, (first, last) in program.away.items():
        Absence.objects.create(user=User.objects.get(email=address), start=first, end=last)
    return made


def _happen(program: Program, act: Act, admin: User) -> None:
    if act.kind == "close":
        accounts.deactivate_user(actor=admin, user=User.objects.get(email=act.what))
    elif act.kind == "move" and act.to is not None:
        event = Event.objects.get(program=program, slug=act.what)
        phases.redate_event(actor=admin, event=event, new_date=act.to, reason="Rehearsed")
    else:
        kind, slug = act.what.split(":")
        if kind == "task":
            phases.complete_task(actor=admin, task=Task.objects.get(program=program, slug=slug))
            return
        # The way through evidence and a second person is the matter of other tests.
        done = Criterion.objects.filter(program=program, slug=slug)
        with transaction.atomic():
            done.update(state="verified", verified_at=clock.now(), verified_by=admin)
            activity.record(
                actor_id=None, verb=Verb.CRITERION_VERIFIED, subject_kind="criterion", subject_id=done.get().pk,
                program_id=program.pk,
            )  # fmt: skip


def _letter(to: str, at: dt.datetime, message_id: str) -> Letter:
    mail = Mail.objects.select_related("user").get(message_id=message_id)
    rows = Delivery.objects.filter(mail=mail, state="sent").order_by("pk")
    items = [(f"{row.item_kind}:{row.item_slug}", row.rule) for row in rows]
    return to, at.astimezone(zone_of(mail.user.time_zone)).date(), at, message_id, items
