"""A refusal always carries its reason."""

import pytest

from core.decisions import ALLOWED, allowed_if, refused
from core.errors import NotAllowed


def test_refusal_is_falsy_and_raises_with_its_reasons() -> None:
    decision = refused("Only the sponsor decides.", "Ask Ines.")
    assert not decision
    assert decision.reason == "Only the sponsor decides. Ask Ines."
    with pytest.raises(NotAllowed) as caught:
        decision.require()
    assert caught.value.reasons == ("Only the sponsor decides.", "Ask Ines.")


def test_allowed_is_truthy_and_require_passes() -> None:
    assert ALLOWED
    ALLOWED.require()
    assert allowed_if(True, "no") is ALLOWED
    assert allowed_if(False, "no").reasons == ("no",)


def test_a_bare_no_is_not_possible() -> None:
    with pytest.raises(ValueError, match="reason"):
        refused()
