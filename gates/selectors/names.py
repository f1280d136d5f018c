"""Names of the people that rows point to, in one query. Must not write."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Model

from accounts.models import User

GONE = "somebody who left"


@dataclass(frozen=True)
class Names:
    """Names by id; `of` gives id and name as plain data."""

    by_id: Mapping[int, str]

    def name(self, person_id: int | None) -> str:
        """The name of a person, empty for nobody."""
        return "" if person_id is None else self.by_id.get(person_id, GONE)

    def of(self, person_id: int | None) -> dict[str, object] | None:
        """Id and name of a person as they are now, None for nobody."""
        return None if person_id is None else {"id": person_id, "name": self.name(person_id)}


def names_in(rows: Iterable[Model], *more: int | None) -> Names:
    """Return the names of everybody whom the rows (or the ids in `more`) point to (one query)."""
    ids = {person for person in more if person is not None}
    for row in rows:
        for field in row._meta.concrete_fields:
            if field.related_model is User:
                found = getattr(row, field.attname)
                if found is not None:
                    ids.add(found)
    people = User.objects.filter(pk__in=ids).only("name", "email")
    return Names({person.pk: str(person) for person in people})
