"""The built-in playbook and the specifications of `examples/`, and faults as plain text."""

from collections.abc import Callable
from pathlib import Path

import pytest

from playbooks.domain.faults import FileFaultsError
from playbooks.domain.playbook import Playbook
from playbooks.domain.spec import LaunchSpec, parse_spec
from playbooks.selectors import DATA, known_playbooks

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="session")
def book() -> Playbook:
    """The built-in playbook."""
    return known_playbooks()["poc-to-production-90"]


@pytest.fixture(scope="session")
def book_text() -> str:
    """The text of the built-in playbook, to be spoiled."""
    return (DATA / "poc-to-production-90.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def claims_text() -> str:
    """The text of a good specification, to be spoiled."""
    return (EXAMPLES / "claims-triage.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def claims(claims_text: str) -> LaunchSpec:
    """A good specification."""
    return parse_spec(claims_text, known_playbooks())


@pytest.fixture
def faults() -> Callable[[Callable[[], object]], list[str]]:
    """Run something that must refuse a file; the faults as text."""

    def run(refused: Callable[[], object]) -> list[str]:
        with pytest.raises(FileFaultsError) as caught:
            refused()
        return [str(fault) for fault in caught.value.faults]

    return run
