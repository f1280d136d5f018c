"""Tasks are open or done, by whoever answers for them or the program manager."""

import pytest

from core.errors import Conflict, NotAllowed
from phases import services
from tests.factories import Built
from tests.phases.steps import verbs


@pytest.mark.parametrize("who", ["mia", "max", "pat", "dee"])
def test_done_and_open_again(built: Built, who: str) -> None:
    task = services.complete_task(actor=built.people[who], task=built.tasks["train"])
    assert (task.state, task.done_by) == ("done", built.people[who])
    task = services.reopen_task(actor=built.people[who], task=task)
    assert (task.state, task.done_by, task.done_at) == ("open", None, None)
    assert verbs(task) == ["task.done", "task.reopened"]


@pytest.mark.parametrize("who", ["sam", "ivy"])
def test_others_do_not_tick(built: Built, who: str) -> None:
    with pytest.raises(NotAllowed, match="Only the owner"):
        services.complete_task(actor=built.people[who], task=built.tasks["train"])
    services.complete_task(actor=built.owner, task=built.tasks["train"])
    with pytest.raises(NotAllowed):
        services.reopen_task(actor=built.people[who], task=built.tasks["train"])


def test_p16_a_double_press_is_one(built: Built) -> None:
    for _ in range(2):
        services.complete_task(actor=built.owner, task=built.tasks["train"], version=1)
    assert verbs(built.tasks["train"]) == ["task.done"]


def test_p16_ticking_a_row_that_changed_is_a_conflict(built: Built) -> None:
    services.reassign(
        actor=built.manager, item=built.tasks["train"], person=built.people["max"], reason="Leave.", version=1
    )
    with pytest.raises(Conflict):
        services.complete_task(actor=built.people["max"], task=built.tasks["train"], version=1)


def test_nothing_is_ticked_in_a_paused_program(built: Built) -> None:
    built.program.state = "paused"
    built.program.save()
    for who in (built.owner, built.manager):
        with pytest.raises(NotAllowed, match="paused"):
            services.complete_task(actor=who, task=built.tasks["train"])
