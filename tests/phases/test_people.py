"""Who answers for an item: assignee, holder, nobody; reassigning and delegating (S6)."""

import pytest

from activity.models import Entry
from core import clock
from core.errors import Conflict, Invalid, NotAllowed
from phases import services
from phases.domain.responsibility import Responsible, responsible, verifiers
from phases.models import Task
from phases.selectors import load_plan
from programs.models import Role
from programs.services import fill_role, set_deputy
from tests.factories import Built, program, user
from tests.phases.steps import verbs


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ({"assignee": 1, "holder": 2, "deputy": 3, "manager": 9}, Responsible(1, None, 3)),
        ({"assignee": None, "holder": 2, "deputy": 3, "manager": 9}, Responsible(2, None, 3)),
        ({"assignee": 3, "holder": 2, "deputy": 3, "manager": 9}, Responsible(3, None, None)),
        ({"assignee": None, "holder": None, "deputy": 3, "manager": 9}, Responsible(None, 9, 3)),
        ({"assignee": None, "holder": None, "deputy": None, "manager": None}, Responsible(None, None, None)),
    ],
)
def test_s6_who_answers(people: dict, expected: Responsible) -> None:
    assert responsible(**people) == expected


@pytest.mark.parametrize(
    ("excluded", "expected"), [((), (1, 2)), ((1,), (2,)), ((1, 2), (3,)), ((1, 2, 3), (4,)), ((1, 2, 3, 4), ())]
)
def test_g2_who_verifies_falls_through(excluded: tuple, expected: tuple) -> None:
    assert verifiers(holder=1, deputy=2, manager=3, sponsor=4, excluded=excluded) == expected


def test_a_reassigned_item_is_answered_for_by_the_new_person(built: Built) -> None:
    item = services.reassign(
        actor=built.manager, item=built.tasks["train"], person=built.people["max"], reason="Mia is on leave."
    )
    plan = load_plan(built.program)
    assert (plan.owner_of(plan.tasks[0]), item.delegated) == (built.people["max"], False)
    assert verbs(item) == ["item.reassigned"]


def test_an_item_goes_back_to_the_roles_holder(built: Built) -> None:
    services.reassign(actor=built.manager, item=built.tasks["train"], person=built.people["max"], reason="Leave.")
    item = services.reassign(actor=built.manager, item=built.tasks["train"], person=None, reason="Mia is back.")
    assert item.assignee is None


def test_reassigning_stays_inside_the_program(built: Built) -> None:
    with pytest.raises(Invalid, match="has no role in this program") as caught:
        services.reassign(actor=built.manager, item=built.tasks["train"], person=user("stranger"), reason="Help.")
    assert caught.value.field == "person"


def test_reassigning_to_a_deactivated_member_is_refused(built: Built) -> None:
    built.people["max"].is_active = False
    built.people["max"].save()
    with pytest.raises(Invalid):
        services.reassign(actor=built.manager, item=built.tasks["train"], person=built.people["max"], reason="Help.")


def test_reassigning_needs_a_reason_and_a_change(built: Built) -> None:
    with pytest.raises(Invalid) as caught:
        services.reassign(actor=built.manager, item=built.tasks["train"], person=built.people["max"], reason="")
    assert caught.value.field == "reason"
    with pytest.raises(Invalid, match="changes nothing"):
        services.reassign(actor=built.manager, item=built.tasks["train"], person=None, reason="Same.")


@pytest.mark.parametrize("who", ["mia", "max", "sam", "ivy"])
def test_only_the_manager_reassigns(built: Built, who: str) -> None:
    with pytest.raises(NotAllowed):
        services.reassign(actor=built.people[who], item=built.tasks["train"], person=built.people["max"], reason="Me.")


def test_p16_reassigning_from_an_old_form_is_a_conflict(built: Built) -> None:
    services.reassign(
        actor=built.manager, item=built.tasks["train"], person=built.people["max"], reason="Leave.", version=1
    )
    services.reassign(
        actor=built.manager, item=built.tasks["train"], person=built.people["max"], reason="Leave.", version=1
    )
    assert verbs(built.tasks["train"]) == ["item.reassigned"]
    with pytest.raises(Conflict):
        services.reassign(
            actor=built.manager, item=built.tasks["train"], person=built.verifier, reason="No.", version=1
        )


def test_the_owner_delegates_to_the_deputy(built: Built) -> None:
    item = services.delegate(actor=built.owner, item=built.criteria["accuracy"])
    assert (item.assignee, item.delegated) == (built.people["max"], True)
    assert verbs(item) == ["item.delegated"]


def test_p16_delegating_twice_is_once(built: Built) -> None:
    for _ in range(2):
        services.delegate(actor=built.owner, item=built.criteria["accuracy"], version=1)
    assert verbs(built.criteria["accuracy"]) == ["item.delegated"]


def test_without_a_deputy_nothing_is_delegated(built: Built) -> None:
    with pytest.raises(NotAllowed, match="No deputy is named for Monitoring"):
        services.delegate(actor=built.manager, item=built.criteria["alerts"])


def test_a_deactivated_deputy_gets_nothing(built: Built) -> None:
    built.people["max"].is_active = False
    built.people["max"].save()
    with pytest.raises(Invalid, match="deactivated"):
        services.delegate(actor=built.owner, item=built.criteria["accuracy"])


@pytest.mark.parametrize("who", ["sam", "ivy"])
def test_others_do_not_delegate(built: Built, who: str) -> None:
    with pytest.raises(NotAllowed):
        services.delegate(actor=built.people[who], item=built.criteria["accuracy"])


def test_a_deactivated_assignee_leaves_it_to_the_holder(built: Built) -> None:
    services.delegate(actor=built.owner, item=built.criteria["accuracy"])
    built.people["max"].is_active = False
    built.people["max"].save()
    plan = load_plan(built.program)
    assert plan.owner_of(plan.criteria[0]) == built.owner


def test_a_vacant_role_is_nobody_and_the_manager_is_asked(built: Built) -> None:
    plan = load_plan(built.program)
    alerts = plan.criteria[1]
    assert (plan.owner_of(alerts), plan.addressee_of(alerts)) == (None, built.manager)


# Somebody gives up a seat.


def given_to_max(built: Built) -> None:
    services.delegate(actor=built.owner, item=built.criteria["accuracy"])
    for slug in ("train", "dashboards"):
        services.reassign(actor=built.manager, item=built.tasks[slug], person=built.people["max"], reason="Help.")


def of_max(built: Built) -> set[str]:
    plan = load_plan(built.program)
    return {item.slug for item in (*plan.criteria, *plan.tasks) if item.assignee_id == built.people["max"].pk}


def test_what_somebody_has_by_name_goes_back_to_its_role_with_their_last_seat(built: Built) -> None:
    given_to_max(built)
    Task.objects.filter(slug="dashboards").update(state="done", done_at=clock.now())
    set_deputy(actor=built.manager, role=built.roles["model-owner"], person=None)
    assert of_max(built) == {"dashboards"}  # that is history
    plan = load_plan(built.program)
    assert plan.owner_of(plan.tasks[0]) == built.owner
    assert not plan.criteria[0].delegated
    entry = Entry.objects.filter(subject_kind="task", subject_id=built.tasks["train"].pk).latest("pk")
    assert (entry.verb, entry.actor_id, entry.data["before"], entry.data["after"]) == (
        "item.reassigned", built.manager.pk, built.people["max"].pk, None,
    )  # fmt: skip
    assert entry.data["reason"] == f"{built.people['max']} has no role in this program any more."


@pytest.mark.parametrize("why", ["another seat", "a wide right", "an account that may open again"])
def test_who_can_still_open_it_keeps_it(built: Built, why: str) -> None:
    given_to_max(built)
    max_ = built.people["max"]
    if why == "another seat":
        fill_role(actor=built.manager, role=built.roles["monitoring-owner"], person=max_)
    elif why == "a wide right":
        max_.is_executive_viewer = True
        max_.save()
    else:
        max_.is_active = False
        max_.save()
    set_deputy(actor=built.manager, role=built.roles["model-owner"], person=None)
    assert of_max(built) == {"accuracy", "train", "dashboards"}


def test_of_another_program_and_after_its_end_nothing_changes_hands(built: Built) -> None:
    given_to_max(built)
    other = program("other")
    Role.objects.filter(program=other.program, slug="sponsor").update(holder=built.people["max"])
    fill_role(actor=other.manager, role=Role.objects.get(program=other.program, slug="sponsor"), person=built.owner)
    assert of_max(built) == {"accuracy", "train", "dashboards"}
    type(built.program).objects.filter(pk=built.program.pk).update(state="closed")
    set_deputy(actor=built.manager, role=built.roles["model-owner"], person=None)
    assert of_max(built) == {"accuracy", "train", "dashboards"}
