"""Finishes and reopens tasks."""

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from phases import policies
from phases.enums import TaskState
from phases.models import Task
from phases.services.base import lock, record, repeated, save
from programs.selectors import cast_of


@transaction.atomic
def complete_task(*, actor: User, task: Task, version: int | None = None) -> Task:
    """Mark a task done; doing it twice changes nothing. Errors: NotAllowed, Conflict."""
    task = _lock(actor, task)
    if task.state == TaskState.DONE or repeated(task, version, done=False):
        return task
    task.state, task.done_at, task.done_by = TaskState.DONE, clock.now(), actor
    save(task, "state", "done_at", "done_by")
    record(actor, Verb.TASK_DONE, task)
    return task


@transaction.atomic
def reopen_task(*, actor: User, task: Task, version: int | None = None) -> Task:
    """Take "done" back; its reminders are planned again. Errors: NotAllowed, Conflict."""
    task = _lock(actor, task)
    if task.state == TaskState.OPEN or repeated(task, version, done=False):
        return task
    task.state, task.done_at, task.done_by = TaskState.OPEN, None, None
    save(task, "state", "done_at", "done_by")
    record(actor, Verb.TASK_REOPENED, task)
    return task


def _lock(actor: User, task: Task) -> Task:
    """A task needs no second person, so the program manager may tick it off as well."""
    task = lock(task)
    cast = cast_of(task.program)
    own = policies.may_work_on(actor, task, cast)
    if not own and policies.may_redate(actor, task, cast):
        return task
    own.require()
    return task
