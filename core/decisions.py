"""The answer of a policy: allowed or not, and always why. Must not know who asks or what is asked."""

from dataclasses import dataclass

from core.errors import NotAllowed


@dataclass(frozen=True)
class Decision:
    """Truthy when allowed; when refused, `reasons` are sentences to show to the person who asked."""

    allowed: bool
    reasons: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.allowed

    @property
    def reason(self) -> str:
        """All reasons as one text, empty when allowed."""
        return " ".join(self.reasons)

    def require(self) -> None:
        """Raise `NotAllowed` with the reasons unless allowed."""
        if not self.allowed:
            raise NotAllowed(self.reasons)


ALLOWED = Decision(True)


def refused(*reasons: str) -> Decision:
    """Build a refusal; at least one reason is needed, since a bare no helps nobody."""
    if not reasons:
        raise ValueError("a refusal needs a reason")
    return Decision(False, reasons)


def allowed_if(condition: bool, reason: str) -> Decision:
    """Allow when `condition` holds, else refuse with `reason`."""
    return ALLOWED if condition else refused(reason)
