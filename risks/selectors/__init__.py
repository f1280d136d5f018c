"""Reads of the risk register."""

from risks.selectors.register import (
    SHOWN,
    Moment,
    Register,
    RiskLine,
    SignSeen,
    find_risk,
    line_of,
    load_register,
    moment_of,
    open_alerts,
    register_of,
    scale_of,
    tolerance_of,
)

__all__ = [
    "SHOWN",
    "Moment",
    "Register",
    "RiskLine",
    "SignSeen",
    "find_risk",
    "line_of",
    "load_register",
    "moment_of",
    "open_alerts",
    "register_of",
    "scale_of",
    "tolerance_of",
]
