"""Rows of several models in one statement, for pages that need few rows of many tables.

Each round trip to a database costs as much as a hundred rows; a program's decisions, waivers, conditions and risks are
few rows of many tables. Every row travels as one JSON object next to the number of its table. Made for narrow answers:
a list of hundreds of rows is quicker with its own query. Must not know any model.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models import Expression, QuerySet, Value
from django.db.models.base import ModelState
from django.db.models.query import get_related_populators
from django.utils.dateparse import parse_datetime

M = TypeVar("M", bound=models.Model)
_Reader = Callable[[Any], Any]
_Columns = tuple[tuple[str, ...], tuple[tuple[str, _Reader], ...]]
"""Names of columns, and what reads the values of those out of JSON that are not the same there."""
_Shape = tuple[type[models.Model], _Columns]
_STAND_IN = -7_320_507_019
"""The id a prepared statement is made with, as no row ever has."""


class Prepared:
    """`gather` for querysets that differ by ids alone, made once per process: making it took longer than running it.

    `build` takes the ids, always as many or few different numbers of them, and returns the querysets; whatever else
    it reads (a clock, a setting) would be kept for good.
    """

    def __init__(self, build: Callable[..., Sequence[QuerySet[Any]]]) -> None:
        self._build = build
        self._made: dict[tuple[str, int], tuple[str, tuple[Any, ...], list[_Shape]]] = {}

    def gather(self, *pks: int) -> list[list[Any]]:
        """Return the objects of each queryset for the ids `pks`, with one query."""
        key = connection.vendor, len(pks)
        if key not in self._made:
            self._made[key] = self._statement(len(pks))
        sql, parameters, shapes = self._made[key]
        meant = {_STAND_IN - place: pk for place, pk in enumerate(pks)}
        with connection.cursor() as cursor:
            cursor.execute(sql, [meant.get(value, value) for value in parameters])
            rows = cursor.fetchall()
        return _sorted_out(shapes, ((number, _read(values)) for number, values in rows))

    def _statement(self, ids: int) -> tuple[str, tuple[Any, ...], list[_Shape]]:
        querysets = self._build(*(_STAND_IN - place for place in range(ids)))
        shapes = _shapes(querysets)
        sql, parameters = _union(querysets, shapes).query.sql_with_params()
        return sql, tuple(parameters), shapes


class PreparedRows(Generic[M]):
    """One queryset that differs by ids and words alone, its statement made once per process.

    `build` takes them, as for `Prepared`; none of them may be None. Filters, order, `only`, `defer`, annotations and
    joins for related objects count; prefetches do not. Deferred columns load when asked for.
    """

    def __init__(self, build: Callable[..., QuerySet[M, Any]]) -> None:
        self._build = build
        self._made: dict[tuple[str, tuple[type, ...]], _Statement] = {}

    def rows(self, *meant: int | str) -> list[M]:
        """Return the objects for these ids and words, with one query."""
        made, found = self._values(meant)
        return [made.object(values) for values in found]

    def first(self, *meant: int | str) -> M | None:
        """Return the first object for these ids and words, with one query; None where there is none."""
        made, found = self._values(meant)
        return next((made.object(values) for values in found), None)

    def values(self, *meant: int | str) -> list[tuple[Any, ...]]:
        """Return the values of a `values_list` for these ids and words, with one query."""
        return [tuple(values) for values in self._values(meant)[1]]

    def _values(self, meant: tuple[int | str, ...]) -> tuple["_Statement", Iterator[list[Any]]]:
        key = connection.vendor, tuple(type(value) for value in meant)
        stand_ins = [type(value)(_STAND_IN - place) for place, value in enumerate(meant)]
        if key not in self._made:
            self._made[key] = _statement(self._build(*stand_ins))
        made, given = self._made[key], dict(zip(stand_ins, meant, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(made.sql, [given.get(value, value) for value in made.parameters])
            found = cursor.fetchall()
        return made, map(made.converted, found)


@dataclass(frozen=True)
class _Statement:
    """SQL with its parameters, and what makes values and objects of the columns it answers with, by their place."""

    model: type[Any]
    sql: str
    parameters: tuple[Any, ...]
    columns: tuple[tuple[int, str], ...]
    """The model's own; annotations stand beside them under their names."""
    related: list[Any]
    converters: tuple[tuple[int, Any, Callable[[Any, Any, Any], Any]], ...]

    def converted(self, raw: Sequence[Any]) -> list[Any]:
        """The values of a row as Python's."""
        values = list(raw)
        for at, expression, convert in self.converters:
            values[at] = convert(values[at], expression, connection)
        return values

    def object(self, values: list[Any]) -> Any:
        """The object of a row, with the objects joined to it."""
        made = _object(self.model, {name: values[at] for at, name in self.columns})
        for one in self.related:
            one.populate(values, made)
        return made


def _statement(rows: QuerySet[Any, Any]) -> _Statement:
    compiler = rows.query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    select: list[Any] = compiler.select
    expressions = [column for column, _sql, _alias in select]
    found = compiler.get_converters(expressions).items()
    converters = tuple((at, column, convert) for at, (several, column) in found for convert in several)
    columns: list[tuple[int, str]] = []
    related: list[Any] = []
    if shape := compiler.klass_info:  # none where only values are asked for
        columns = [(at, expressions[at].target.attname) for at in shape["select_fields"]]
        columns += [(at, name) for name, at in (compiler.annotation_col_map or {}).items()]
        related = get_related_populators(shape, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # stubs of 6.1
    return _Statement(rows.model, sql, tuple(parameters), tuple(columns), related, converters)


def gather(querysets: Sequence[QuerySet[Any]]) -> list[list[Any]]:
    """Return the objects of each queryset, in the order of the querysets, with one query.

    Filters and `only` count; order, prefetches, joins for related objects and limits do not. Related objects load when
    asked for, so link them with `link` where they are known. Errors: TypeError for a column that JSON cannot carry.
    """
    shapes = _shapes(querysets)
    return _sorted_out(shapes, _union(querysets, shapes))


def _shapes(querysets: Sequence[QuerySet[Any]]) -> list[_Shape]:
    return [(rows.model, _columns(rows)) for rows in querysets]


def _union(querysets: Sequence[QuerySet[Any]], shapes: Sequence[_Shape]) -> QuerySet[Any]:
    parts: list[QuerySet[Any]] = [
        rows.order_by()
        .annotate(
            gathered_from=Value(number, output_field=models.IntegerField()),
            gathered=_AsJson(rows.model, shapes[number][1][0]),
        )
        .values_list("gathered_from", "gathered")
        for number, rows in enumerate(querysets)
    ]
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


def _sorted_out(shapes: Sequence[_Shape], rows: Iterable[tuple[int, dict[str, Any]]]) -> list[list[Any]]:
    found: list[list[Any]] = [[] for _ in shapes]
    for number, values in rows:
        model, (_names, readers) = shapes[number]
        for name, read in readers:
            if values[name] is not None:
                values[name] = read(values[name])
        found[number].append(_object(model, values))
    return found


def _read(raw: Any) -> dict[str, Any]:
    """A JSON object as a driver hands it over: SQLite and psycopg under Django give text."""
    # What a database wrote has no white space around it, for which `loads` looks on both sides.
    found: dict[str, Any] = _decode(raw)[0] if isinstance(raw, str) else raw
    return found


_decode = json.JSONDecoder().raw_decode


class _AsJson(Expression):
    """Columns of the row as one JSON object.

    What `JSONObject` of as many `F` would be; resolving those took longer than the query. A decimal travels as text,
    since a JSON number comes back as a float.
    """

    output_field = models.JSONField()

    def __init__(self, model: type[models.Model], names: tuple[str, ...]) -> None:
        super().__init__()
        self.model, self.names = model, names

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        """The SQL of the object, for the table under its own name (no alias is ever needed in a part of a union)."""
        return _object_sql(self.model, self.names, connection.vendor), ()


@lru_cache(maxsize=512)
def _object_sql(model: type[models.Model], names: tuple[str, ...], vendor: str) -> str:
    table, pairs = connection.ops.quote_name(model._meta.db_table), []
    for name in names:
        field: Any = model._meta.get_field(name)
        column = f"{table}.{connection.ops.quote_name(field.column)}"
        value = f"CAST({column} AS TEXT)" if isinstance(field, models.DecimalField) else column
        pairs.append(f"'{name}', {value}")
    return f"{'JSON_OBJECT' if vendor == 'sqlite' else 'JSONB_BUILD_OBJECT'}({', '.join(pairs)})"


def link(rows: Iterable[M], name: str, targets: dict[Any, Any]) -> None:
    """Set the related object `name` of each row from `targets` by id; what is not there loads when asked for."""
    for row in rows:
        field: Any = row._meta.get_field(name)
        target = targets.get(getattr(row, field.attname))
        if target is not None:
            setattr(row, name, target)


def hung(rows: Iterable[models.Model], name: str, targets: Mapping[Any, models.Model]) -> None:
    """Set the reverse one-to-one `name` of each row from `targets` by the row's id; none for the others."""
    for row in rows:
        field: Any = row._meta.get_field(name)
        field.set_cached_value(row, targets.get(row.pk))


def prefetched(row: models.Model, name: str, values: Iterable[models.Model]) -> None:
    """Hand a row the objects of its reverse relation `name`, as `prefetch_related` would have."""
    model = row._meta.get_field(name).related_model
    rows: Any = QuerySet(model, query=_any_query(model))
    rows._result_cache, rows._prefetch_done = list(values), True
    cache: dict[str, Any] = getattr(row, "_prefetched_objects_cache", {})
    row._prefetched_objects_cache = {**cache, name: rows}  # type: ignore[attr-defined]  # where Django looks for it


@lru_cache(maxsize=64)
def _any_query(model: type[models.Model]) -> Any:
    # Never run: the objects are there. Making one for each row took longer than asking the database.
    return model._default_manager.all().query


def _columns(rows: QuerySet[Any]) -> _Columns:
    """The columns of a queryset: those named by `only`, or all."""
    named, is_deferred = rows.query.deferred_loading
    model: type[models.Model] = rows.model
    return _columns_of(model, frozenset() if is_deferred else frozenset(named))


@lru_cache(maxsize=512)
def _columns_of(model: type[models.Model], named: frozenset[str]) -> _Columns:
    every: list[Any] = [field for field in model._meta.concrete_fields if field.column is not None]
    if named:
        every = [field for field in every if field.primary_key or {field.name, field.attname} & named]
    readers = ((field.attname, _reader(field)) for field in every)
    return tuple(field.attname for field in every), tuple((name, read) for name, read in readers if read is not None)


def _object(model: type[M], values: dict[str, Any]) -> M:
    made = model.__new__(model)
    state = ModelState()
    state.adding, state.db = False, DEFAULT_DB_ALIAS
    made.__dict__.update(values)
    made._state = state
    return made


def _reader(field: Any) -> _Reader | None:
    """What turns a value that JSON carried into what the column's own query would give; None where it is that."""
    while getattr(field, "target_field", None) is not None:  # a foreign key holds what it points at
        field = field.target_field
    if isinstance(field, models.DateTimeField):
        return _instant
    if isinstance(field, models.DateField):
        return dt.date.fromisoformat
    if isinstance(field, models.BooleanField):
        return bool
    if isinstance(field, models.DecimalField):
        step = Decimal(1).scaleb(-field.decimal_places)
        return lambda raw: Decimal(raw).quantize(step)
    if isinstance(field, models.JSONField):
        return _inner_json
    if isinstance(field, models.CharField | models.TextField | models.IntegerField):
        return None
    raise TypeError(f"{field}: this kind of column cannot be gathered")


def _inner_json(raw: Any) -> Any:
    # SQLite keeps JSON as text, and text inside an object stays text.
    return json.loads(raw) if connection.vendor == "sqlite" and isinstance(raw, str) else raw


def _instant(text: str) -> dt.datetime | None:
    found = parse_datetime(text)
    # SQLite keeps UTC without saying so.
    return found.replace(tzinfo=dt.UTC) if found is not None and found.tzinfo is None else found
