"""New tables by one operation are the tables that one operation each would have made."""

import sys
from types import ModuleType
from typing import Any

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from core.migrating import CreateTogether, folded, needed

pytestmark = pytest.mark.django_db(transaction=True)

OPERATIONS = [
    migrations.CreateModel(
        "Shelf", [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=9))]
    ),
    migrations.CreateModel("Book", [("id", models.BigAutoField(primary_key=True)), ("pages", models.IntegerField())]),
    migrations.AddField("Book", "shelf", models.ForeignKey("library.Shelf", on_delete=models.CASCADE)),
    migrations.AddField("Shelf", "best", models.ManyToManyField("library.Book", related_name="+")),
    migrations.AddIndex("Book", models.Index(fields=["pages"], name="book_pages")),
    migrations.AddConstraint("Book", models.UniqueConstraint(fields=["shelf", "pages"], name="book_once")),
    migrations.AddConstraint("Book", models.CheckConstraint(condition=models.Q(pages__gt=0), name="book_has_pages")),
    migrations.AddConstraint("Book", models.CheckConstraint(condition=models.Q(pages__lt=9), name="book_is_thin")),
    migrations.AlterField("Shelf", "name", models.CharField(max_length=30, null=True)),
    migrations.RemoveConstraint("Book", "book_is_thin"),
]


def tables() -> dict[str, object]:
    """Every table of the library with its columns, constraints and indexes."""
    with connection.cursor() as cursor:
        names = [n for n in connection.introspection.table_names(cursor) if n.startswith("library_")]
        return {name: _described(cursor, name) for name in names}


def _described(cursor: object, name: str) -> object:
    columns = sorted(
        (c.name, c.type_code, c.null_ok) for c in connection.introspection.get_table_description(cursor, name)
    )
    found = connection.introspection.get_constraints(cursor, name).values()
    keys = ("primary_key", "unique", "check", "index", "foreign_key")
    kept = sorted(str([sorted(c["columns"] or []), *(c[key] for key in keys)]) for c in found)
    return columns, kept


def run(operations: list[migrations.operations.base.Operation]) -> tuple[dict[str, object], ProjectState]:
    """Run operations forwards, look at the tables, and run them backwards."""
    states = [ProjectState()]
    with connection.schema_editor() as editor:
        for operation in operations:
            after = states[-1].clone()
            operation.state_forwards("library", after)
            operation.database_forwards("library", editor, states[-1], after)
            states.append(after)
    found = tables()
    with connection.schema_editor() as editor:
        for operation, before, after in reversed(list(zip(operations, states, states[1:], strict=False))):
            operation.database_backwards("library", editor, after, before)
    return found, states[-1]


def test_together_is_what_one_after_the_other_is() -> None:
    single, state = run(list(OPERATIONS))
    together, state_too = run([CreateTogether(OPERATIONS)])
    assert together == single
    assert set(together) == {"library_shelf", "library_book", "library_shelf_best"}
    assert state_too.models.keys() == state.models.keys()
    assert tables() == {}


def test_only_what_is_about_new_models_is_taken() -> None:
    with pytest.raises(ValueError, match="not about a model that is created here"):
        CreateTogether([OPERATIONS[0], OPERATIONS[4]])
    with pytest.raises(ValueError, match="not about a model that is created here"):
        CreateTogether([OPERATIONS[0], migrations.RunSQL("SELECT 1")])


def put_on_a_trigger(apps: Any, schema_editor: Any) -> None:
    """Code of a migration; what it would do is of no matter here."""


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """Three migrations of an app, the second of which is code; their names."""
    parts: list[tuple[list[tuple[str, str]], list[Any]]] = [
        ([("people", "0002_names")], [CreateTogether(OPERATIONS[:2]), OPERATIONS[2]]),
        ([("library", "a")], [migrations.RunPython(put_on_a_trigger)]),
        ([("library", "b"), ("places", "0001_initial"), ("people", "0002_names")], OPERATIONS[3:]),
    ]
    for name, (dependencies, operations) in zip("abc", parts, strict=True):
        module = ModuleType(f"library.migrations.{name}")
        made = {"dependencies": dependencies, "operations": operations}
        module.Migration = type("Migration", (migrations.Migration,), made)  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, module.__name__, module)
    return ("a", "b", "c")


def test_folded_is_what_the_migrations_one_after_the_other_are(library: tuple[str, ...]) -> None:
    single, state = run(list(OPERATIONS))
    tables_first, code = folded("library", *library)
    assert isinstance(code, migrations.RunPython)
    assert code.code is put_on_a_trigger
    together, state_too = run([tables_first])
    assert together == single
    assert state_too.models.keys() == state.models.keys()
    assert needed("library", *library) == [("people", "0002_names"), ("places", "0001_initial")]


def test_what_is_neither_table_nor_code_cannot_be_folded(library: tuple[str, ...]) -> None:
    sys.modules["library.migrations.c"].Migration.operations = [migrations.RunSQL("SELECT 1")]
    with pytest.raises(ValueError, match="not about a model that is created here"):
        folded("library", *library)
