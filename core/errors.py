"""Errors that services raise and edges turn into answers (403, 409, 422). Must not import Django."""


class ServiceError(Exception):
    """Base of everything a service refuses; the text is meant for the person who asked."""


class NotAllowed(ServiceError):
    """The actor may not do this; `reasons` say why (answered with 403)."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class Invalid(ServiceError):
    """The input breaks a rule; `field` names the form field at fault, empty for the whole (answered with 422)."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Conflict(ServiceError):
    """Someone else changed the same thing first; `current` describes what is there now (answered with 409)."""

    def __init__(self, message: str, *, current: str = "") -> None:
        super().__init__(message)
        self.current = current
