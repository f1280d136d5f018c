"""Every page below a program's tabs, on the example portfolio with something going on in each register.

One load per page; the window is then made narrower and dark, since both are matters of the style sheet alone.
"""

import datetime as dt

import pytest

from core import clock
from escalation.enums import Subject
from escalation.services import About, advance, start_by_hand
from playbooks.services import load_examples
from programs.models import OwnershipArea, Program
from registers.enums import Severity
from registers.services import open_issue
from registers.services.issues import IssueFacts
from risks.models import EscalationPath
from tests.browser.conftest import LOOKS, Visit

NOW = dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC)
OWNERS = ("owners/", "owners/model-owner/", "ownership/people/", "ownership/away/", "ownership/raci/", "ownership/log/")
RISKS = ("risks/", "risks/?view=map", "risks/r-data-drift/", "risks/r-data-drift/?edit=1", "escalations/")
ESCALATIONS = ("escalations/start/", "escalations/paths/", "escalations/paths/esc-model/")
CHARTER = tuple(f"charter/{part}" for part in ("", "problem/", "brief/", "data/", "stakeholders/", "dependencies/"))
LOGS = (
    "logs/",
    *(f"logs/{part}/" for part in ("issues", "issues/1", "scope", "decisions", "decisions/1", "challenge")),
)
GATES = tuple(f"gates/{slug}/" for slug in ("cp-15", "cp-45", "cp-75", "gate-30", "gate-60"))
DECIDED = ("gates/gate-30/pack/", "gates/gate-30/changed/", "gates/gate-60/replan/", "steering/", "history/")
AFTER = tuple(f"governance/{part}" for part in ("", "triggers/", "benefit/", "changes/", "in-run/"))
METRICS = ("metrics/", "metrics/m-input-drift/", "metrics/import/", "metrics/keys/")
REST = (
    "",
    "trace/",
    "activity/",
    "reminders/",
    "reminders/rules/",
    "reminders/rules/escalation/",
    "channels/",
)
SECTIONS = (*OWNERS, *RISKS, *ESCALATIONS, *CHARTER, *LOGS, *GATES, *DECIDED, *AFTER, *METRICS, *REST)


@pytest.fixture
def program(transactional_db: None) -> Program:
    """The example on day 37, with an open issue and an escalation whose first level has been told."""
    load_examples(now=NOW)
    found = Program.objects.get(slug="claims-triage-assistant")
    manager = found.roles.get(slug="program-manager").holder
    assert manager is not None
    with clock.frozen(NOW):
        phases = list(found.phases.all())
        area = OwnershipArea.objects.filter(program=found).first()
        assert area is not None
        facts = IssueFacts(
            title="Postcodes are missing", dimension="data", severity=Severity.HIGH, found_phase=phases[1],
            expected_phase=phases[0], opened_on=NOW.date(), area=area,
        )  # fmt: skip
        open_issue(actor=manager, program=found, facts=facts)
        path = EscalationPath.objects.select_related("program").get(program=found, slug="esc-model")
        start_by_hand(actor=manager, path=path, about=About(Subject.MATTER, 0, "The vendor is silent"), reason="Week 3")
        advance(NOW)
    return found


def test_every_section_fits_and_is_accessible(program: Program, visit: Visit) -> None:
    manager = program.roles.get(slug="program-manager").holder
    home = program.get_absolute_url()
    paths = [*(f"{home}{part}" for part in SECTIONS), program.escalations.get().get_absolute_url()]
    with clock.frozen(NOW):
        visitor = visit(manager)
        found = {path: faults for path in paths if (faults := visitor.open(path) and visitor.faults_at(*LOOKS))}
    assert not found, "\n".join(f"{path}: {faults}" for path, faults in found.items())
