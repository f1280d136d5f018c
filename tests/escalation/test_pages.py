"""Pages of escalations: where each stands, what is next, who answers; forms that keep what was typed."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from escalation import services
from escalation.enums import Subject
from escalation.models import Escalation
from programs.enums import ProgramState
from programs.models import Program, Role
from registers.services import close_issue
from reminders.models import Mail
from reminders.services import tick
from risks.models import EscalationLevel, EscalationPath
from tests.escalation.world import MONDAY, Escalating, at, breach, recover
from tests.factories import sign_in
from tests.registers.world import world as issues


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def to(e: Escalating, name: str = "escalations", *args: object) -> str:
    return reverse(name, args=[e.program.slug, *args])


def test_the_page_says_where_it_stands_what_is_next_and_when(e: Escalating) -> None:
    with at(MONDAY):
        breach(e)
        tick()
        shown = words(sign_in(e.person("pat")).get(to(e)))
        one = words(sign_in(e.person("pat")).get(e.only().get_absolute_url()))
    assert "1 clock running" in shown
    assert "Level 2 of 3 is told Mon 12 Jan, 11:00 : Pat" in shown
    assert "Told Mon 12 Jan, 10:00: Mia" in one
    assert "Next, Mon 12 Jan, 11:00: Pat" in one
    assert "Then, Mon 12 Jan, 14:00: Sam" in one
    assert "The outage comes true" in one


def test_opening_the_page_does_nothing_and_the_button_stops_the_clock(e: Escalating) -> None:
    with at(MONDAY):
        breach(e)
        tick()
        mail = Mail.objects.get(subject__startswith="Escalated")
        address = e.only().get_absolute_url()
        assert address in bytes(mail.mime or b"").decode().replace("=\r\n", "")
        mia = sign_in(e.person("mia"))
        mia.get(address)
        assert e.only().is_running
        empty = mia.post(to(e, "escalation_acknowledge", e.only().pk), {"note": " "})
        assert (empty.status_code, e.only().is_running) == (422, True)
        done = mia.post(to(e, "escalation_acknowledge", e.only().pk), {"note": "Restarting"}, follow=True)
    assert "Acknowledged by Mia" in words(done)
    assert "Restarting" in words(done)
    assert "Not told" in words(done)


def test_what_has_ended_cannot_be_acknowledged_and_keeps_what_was_typed(e: Escalating) -> None:
    with at(MONDAY):
        alert = breach(e)
        recover(alert)
        lost = sign_in(e.person("mia")).post(to(e, "escalation_acknowledge", e.only().pk), {"note": "Late words"})
        shown = words(sign_in(e.person("mia")).get(to(e)))
    assert lost.status_code == 409
    assert "Late words" in words(lost)
    assert "The metric is back inside its limits." in words(lost)
    assert "Nothing is being escalated" in shown
    assert "1 ended" in shown


def test_the_manager_ends_it_with_a_reason(e: Escalating) -> None:
    with at(MONDAY):
        breach(e)
        pat = sign_in(e.person("pat"))
        assert pat.post(to(e, "escalation_end", e.only().pk), {"reason": ""}).status_code == 422
        assert pat.post(to(e, "escalation_end", e.only().pk), {"reason": "A drill"}).status_code == 302
    assert (e.only().ended_because, e.only().ended_by) == ("A drill", e.person("pat"))


def test_gaps_are_drawn_on_both_pages(e: Escalating) -> None:
    Role.objects.filter(slug="model-owner").update(holder=None, deputy=None, vacant_since=MONDAY.date())
    gap = "Model owner is vacant and no deputy is named for Model owner"
    with at(MONDAY):
        breach(e)
        tick()
        pat = sign_in(e.person("pat"))
        assert gap in words(pat.get(to(e)))
        assert f"nobody could be told, so the next level was {gap}" in words(pat.get(e.only().get_absolute_url()))


def test_after_the_last_rung_the_page_says_that_nobody_answered(e: Escalating) -> None:
    with at(MONDAY):
        breach(e)
        tick()
    for hours in (1, 4):
        with at(MONDAY, hours=hours):
            tick()
            shown = words(sign_in(e.person("pat")).get(to(e)))
    assert "Every level was told and nobody has answered." in shown


def test_s58_any_member_presses_on_a_risk_with_its_path_offered_first(e: Escalating) -> None:
    fay, address = sign_in(e.person("fay")), to(e, "escalation_start_risk", e.risk.slug)
    asked = fay.get(address)
    assert f'<option value="{e.path("esc-ops").pk}" selected>' in asked.content.decode()
    key = re.search(r'name="key" value="(\w+)"', asked.content.decode())
    assert key is not None
    form = {"path": e.path("esc-ops").pk, "reason": "", "key": key[1]}
    assert fay.post(address, form).status_code == 422
    form["reason"] = "It is down"
    assert fay.post(address, form).headers["Location"] == Escalation.objects.get().get_absolute_url()
    fay.post(address, form)
    assert Escalation.objects.count() == 1
    again = fay.post(address, {**form, "key": "other"})
    assert again.status_code == 422
    assert "is running about this already" in words(again)
    risk = words(fay.get(reverse("risk", args=[e.program.slug, e.risk.slug])))
    assert "Being escalated" in risk
    assert "being escalated" in words(fay.get(reverse("risks", args=[e.program.slug])))


def test_s58_an_issue_can_be_pressed_from_its_page(db: None) -> None:
    registers = issues()
    issue, path = registers.issue(), EscalationPath.objects.get(program=registers.program)
    member = sign_in(registers.verifier)
    address = reverse("logs_issue_escalate", args=[registers.program.slug, issue.number])
    assert "Postcodes are missing" in words(member.get(address))
    form = {"path": path.pk, "reason": "Nobody fixes it", "key": "a"}
    assert member.post(address, form).status_code == 302
    row = Escalation.objects.get()
    assert (row.subject_kind, row.subject_id, row.subject_url) == ("issue", issue.pk, issue.get_absolute_url())
    assert "Being escalated" in words(member.get(issue.get_absolute_url()))
    close_issue(actor=registers.built.manager, issue=issue, resolution="Fixed", effort_hours=Decimal(1), delay_days=0)
    assert Escalation.objects.get().ended_because == "The issue is closed."


def test_s58_anything_else_can_be_pressed_with_a_title(e: Escalating) -> None:
    pat = sign_in(e.person("pat"))
    form = {"path": e.path("esc-model").pk, "reason": "Nobody fixes it"}
    for title in ("The vendor is silent", "The budget is gone"):
        assert pat.post(to(e, "escalation_start"), {**form, "key": title[:9], "title": title}).status_code == 302
    assert Escalation.objects.filter(subject_kind=Subject.MATTER).count() == 2
    assert pat.post(to(e, "escalation_start"), {**form, "key": "z", "title": " "}).status_code == 422


def test_strangers_find_nothing_and_executives_change_nothing(e: Escalating) -> None:
    with at(MONDAY):
        breach(e)
        pk = e.only().pk
        stranger, executive = sign_in(e.w.stranger), sign_in(e.w.executive)
        for name, args in (("escalations", ()), ("escalation", (pk,)), ("escalation_paths", ())):
            assert stranger.get(to(e, name, *args)).status_code == 404
            assert executive.get(to(e, name, *args)).status_code == 200
        for name in ("escalation_acknowledge", "escalation_end"):
            assert stranger.post(to(e, name, pk), {}).status_code == 404
            assert executive.post(to(e, name, pk), {}).status_code == 403
        assert executive.post(to(e, "escalation_start"), {}).status_code == 403
        assert sign_in(e.person("pat")).get(to(e, "escalation", pk + 1)).status_code == 404


def test_the_playbooks_own_words_name_roles_as_people_do(e: Escalating) -> None:
    EscalationLevel.objects.filter(roles__slug="sponsor").update(note="sponsor after 4 hours, or at once")
    with at(MONDAY):
        shown = words(sign_in(e.person("pat")).get(to(e, "escalation_paths")))
    assert f"Playbook: {e.role('sponsor').name} after 4 hours, or at once" in shown


def test_a_stopped_program_is_read_and_not_changed(e: Escalating) -> None:
    with at(MONDAY):
        breach(e)
        Program.objects.update(state=ProgramState.PAUSED)
        pat = sign_in(e.person("pat"))
        assert pat.get(to(e)).status_code == 200
        refused = pat.post(to(e, "escalation_acknowledge", e.only().pk), {"note": "x"})
    assert refused.status_code == 403
    assert "This program is paused; nothing in it changes." in words(refused)


QUERIES = {"escalations": 15, "escalation": 13, "escalation_paths": 9}


@pytest.mark.parametrize("name", list(QUERIES))
@pytest.mark.parametrize("rows", [1, 3])
def test_one_row_and_three_cost_the_same(
    e: Escalating, name: str, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with at(MONDAY):
        breach(e)
        for number in range(rows):
            for slug in ("esc-model", "esc-data"):
                row = services.start_by_hand(
                    actor=e.person("pat"),
                    path=e.path(slug),
                    about=services.About(Subject.MATTER, 0, f"Matter {number}"),
                    reason="x",
                    risk=e.risk,
                )
            services.end_by_hand(actor=e.person("pat"), escalation=row, reason="x")
        tick()
        client = sign_in(e.person("pat"))
        pk = Escalation.objects.filter(ended_at=None).order_by("pk").last()
        assert pk is not None
        address = to(e, name, *([pk.pk] if name == "escalation" else []))
        client.get(address)
        cache.clear()
        with django_assert_num_queries(QUERIES[name]):
            assert client.get(address).status_code == 200
