"""The charter's numbers, read from a program's own data; the playbook of the program set them at launch. Pure.

A program launched from an edition that did not have a number yet falls back to the built-in edition's.
"""

from collections.abc import Mapping
from typing import Any

FALLBACK = {"problem_signed_by_day": 10, "data_remediation_by_day": 45}


def problem_signed_by_day(limits: Mapping[str, Any]) -> int:
    """The program day by whose end the problem statement has both signatures (S29)."""
    return int(limits.get("problem_signed_by_day", FALLBACK["problem_signed_by_day"]))


def data_remediation_by_day(limits: Mapping[str, Any]) -> int:
    """The program day by whose end gaps of the data are closed (S37)."""
    return int(limits.get("data_remediation_by_day", FALLBACK["data_remediation_by_day"]))
