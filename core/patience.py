"""A bound on how long the database may be asked something; the other place where SQLite and PostgreSQL differ.

Must not know any model.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Let every statement of the block fail after `seconds` instead of waiting behind a lock (PostgreSQL).

    On SQLite reading never waits for a writer (WAL), so nothing is set. Side effect: the block is a transaction.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(int(seconds * 1000))])
        yield
