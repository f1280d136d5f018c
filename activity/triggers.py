"""Makes a table append-only inside the database, on both engines. Must never be switched off by the application.

Used by migrations; a released table keeps the statements of its release. Tests that empty tables may `remove` and
`install` around the emptying (SQLite empties by DELETE, which the trigger would refuse).
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION roadmap_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""


def install(schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Refuse UPDATE and DELETE on `table` from now on (P17, G11, G20)."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_POSTGRES_FUNCTION, params=None)  # its % is no placeholder
        schema_editor.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION roadmap_append_only()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def remove(schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Allow UPDATE and DELETE again (reversing a migration)."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")
        return
    for verb in ("update", "delete"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
