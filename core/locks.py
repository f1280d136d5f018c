"""The one place where SQLite and PostgreSQL differ in locking. Must not know any model."""

from typing import Any, TypeVar

from django.db import connections, models

M = TypeVar("M", bound=models.Model)


def locked(queryset: models.QuerySet[M], *, skip: bool = False) -> models.QuerySet[M]:
    """Return `queryset` with row locks where the database has them.

    On SQLite every transaction is IMMEDIATE (one writer at a time), so no row lock is needed or possible. `skip`
    leaves out rows that another worker holds (SKIP LOCKED); SQLite ignores it for the same reason.
    """
    features: Any = connections[queryset.db].features
    if not features.has_select_for_update:
        return queryset
    return queryset.select_for_update(skip_locked=skip and features.has_select_for_update_skip_locked, of=("self",))
