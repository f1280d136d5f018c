"""The one place where SQLite and PostgreSQL differ in locking. Must not know any model."""

from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, connections, models

M = TypeVar("M", bound=models.Model)
_RACES = frozenset({"40P01", "40001"})
"""SQLSTATE of a deadlock's victim and of a serialization failure (PostgreSQL, Appendix A)."""


def locked(queryset: models.QuerySet[M], *, skip: bool = False, keys: bool = True) -> models.QuerySet[M]:
    """Return `queryset` with row locks where the database has them.

    On SQLite every transaction is IMMEDIATE (one writer at a time), so no row lock is needed or possible. `skip`
    leaves out rows that another worker holds (SKIP LOCKED); SQLite ignores it for the same reason. Without `keys`
    others may meanwhile refer to the rows by a foreign key.
    """
    features: Any = connections[queryset.db].features
    if not features.has_select_for_update:
        return queryset
    skip = skip and features.has_select_for_update_skip_locked
    no_key = not keys and features.has_select_for_no_key_update
    return queryset.select_for_update(skip_locked=skip, no_key=no_key, of=("self",))


def concerns_everybody(error: Exception) -> bool:
    """Whether trying again with less at once is no use: the database is lost, full or locked. A lost race is not so."""
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    return getattr(error.__cause__, "sqlstate", None) not in _RACES
