"""New tables by one operation of a migration, however many models, constraints and indexes they have.

Django renders all models anew for each operation, which is quadratic: with a hundred models the first start of an
installation took twenty seconds of nothing else. Must not touch tables that exist already.

`folded` and `needed` make the migration `0001_squashed_...` of an app out of those it replaces, so that a new
installation takes one step per app and an older one goes on from where it is; both end at the same tables.
"""

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    CreateModel,
    RemoveConstraint,
    RunPython,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

_CHANGES = (AddConstraint, AddField, AddIndex, AlterField, RemoveConstraint)


class CreateTogether(Operation):
    """Run operations that make new models as one: the tables come out as if each had run by itself.

    Takes `CreateModel`, and `AddField`, `AlterField`, `AddIndex`, `AddConstraint` and `RemoveConstraint` for the models
    created here. Errors: ValueError for any other operation.
    """

    reduces_to_sql = True

    def __init__(self, operations: Sequence[Any]) -> None:
        super().__init__()
        self.operations = list(operations)
        self.names = [made.name for made in self.operations if isinstance(made, CreateModel)]
        known = {name.lower() for name in self.names}
        for made in self.operations:
            if isinstance(made, CreateModel):
                continue
            if not isinstance(made, _CHANGES) or made.model_name.lower() not in known:
                raise ValueError(f"{made.describe()}: not about a model that is created here")

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """What the migration writer needs."""
        return (self.__class__.__qualname__, [self.operations], {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Add the models to the state; rendered models are dropped first, so that none is rendered in between."""
        state.__dict__.pop("apps", None)
        state.is_delayed = False  # what is rendered from here on knows every relation
        for made in self.operations:
            made.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Create each table as it is in the end, with its constraints and indexes."""
        for name in self.names:
            model = to_state.apps.get_model(app_label, name)
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.create_model(model)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop the tables, the last one first."""
        for name in reversed(self.names):
            model = from_state.apps.get_model(app_label, name)
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.delete_model(model)

    def describe(self) -> str:
        """A line for `migrate --plan`."""
        return f"Create the tables of {', '.join(self.names)}"


def folded(app: str, *names: str) -> list[Operation]:
    """What these migrations of an app do to an empty database: its tables as they end up, then all code they run.

    Code therefore meets the final tables, without rows. Errors: ValueError for an operation that is neither about a
    new table nor code.
    """
    operations = [*_flat(made for migration in _read(app, names) for made in migration.operations)]
    code = [made for made in operations if isinstance(made, RunPython)]
    return [CreateTogether([made for made in operations if not isinstance(made, RunPython)]), *code]


def needed(app: str, *names: str) -> list[tuple[str, str]]:
    """What these migrations of an app need of other apps."""
    asked = dict.fromkeys(asked for migration in _read(app, names) for asked in migration.dependencies)
    return [dependency for dependency in asked if dependency[0] != app]


def _read(app: str, names: Sequence[str]) -> list[type[Migration]]:
    return [import_module(f"{app}.migrations.{name}").Migration for name in names]


def _flat(operations: Iterator[Any]) -> Iterator[Any]:
    for made in operations:
        yield from made.operations if isinstance(made, CreateTogether) else (made,)
