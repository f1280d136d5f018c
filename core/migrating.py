"""New tables by one operation of a migration, however many models, constraints and indexes they have.

Django renders all models anew for each operation, which is quadratic: with a hundred models the first start of an
installation took twenty seconds of nothing else. Must not touch tables that exist already.
"""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class CreateTogether(Operation):
    """Run operations that make new models as one: the tables come out as if each had run by itself.

    Takes `CreateModel`, and `AddField`, `AddIndex` and `AddConstraint` for the models created here. Errors: ValueError
    for any other operation.
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
            if not isinstance(made, AddField | AddIndex | AddConstraint) or made.model_name.lower() not in known:
                raise ValueError(f"{made.describe()}: not about a model that is created here")

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """What the migration writer needs."""
        return (self.__class__.__qualname__, [self.operations], {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Add the models to the state; rendered models are dropped first, so that none is rendered in between."""
        state.__dict__.pop("apps", None)
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
