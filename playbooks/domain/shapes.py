"""Common ground of the typed models: strict bases, shared field types, and pydantic's errors put into plain words.

Must not know any particular file; `playbook` and `spec` do.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from playbooks.domain.faults import Fault, Path, place_of
from playbooks.domain.yamltree import Tree


class Frozen(BaseModel):
    """A value that cannot change and takes no unknown field."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _finite_slug(value: str) -> str:
    if value.startswith("-") or value.endswith("-") or "--" in value:
        raise ValueError("a slug is words joined by single hyphens")
    return value


Slug = Annotated[
    str, StringConstraints(min_length=1, max_length=60, pattern=r"^[a-z0-9-]+$"), AfterValidator(_finite_slug)
]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Note = Annotated[str, StringConstraints(max_length=2000)]
Day = Annotated[int, Field(strict=True, ge=1, le=3650)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(strict=True, ge=0, le=10_000)]

_SAY = {
    "missing": "is missing",
    "bool_type": "must be true or false, not {shown}",
    "bool_parsing": "must be true or false, not {shown}",
    "date_type": "must be a date",
    "int_type": "must be a whole number, not {shown}",
    "int_parsing": "must be a whole number, not {shown}",
    "int_from_float": "must be a whole number, not {shown}",
    "float_type": "must be a number, not {shown}",
    "float_parsing": "must be a number, not {shown}",
    "decimal_type": "must be a number, not {shown}",
    "decimal_parsing": "must be a number, not {shown}",
    "string_too_short": "must not be empty",
    "string_too_long": "is longer than {max_length} characters",
    "string_pattern_mismatch": "may hold only small letters, digits and hyphens, not {shown}",
    "greater_than_equal": "must be {ge} or more, not {shown}",
    "greater_than": "must be more than {gt}, not {shown}",
    "less_than_equal": "must be {le} or less, not {shown}",
    "decimal_max_digits": "has more than {max_digits} digits",
    "decimal_max_places": "has more than {decimal_places} decimal places",
    "decimal_whole_digits": "has more than {whole_digits} digits before the decimal point",
    "too_short": "needs at least {min_length} entries",
    "too_long": "has more than {max_length} entries",
    "literal_error": "is {shown}; it must be {expected}",
    "enum": "is {shown}; it must be {expected}",
    "model_type": "must hold keys and values, not {shown}",
    "model_attributes_type": "must hold keys and values, not {shown}",
    "dict_type": "must hold keys and values, not {shown}",
    "tuple_type": "must be a list, not {shown}",
    "list_type": "must be a list, not {shown}",
}


def show(value: Any, limit: int = 60) -> str:
    """A value as it appears in a message: quoted, shortened, harmless."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list | tuple):
        return "a list" if not isinstance(value, dict) else "keys and values"
    text = str(value)
    text = "".join(c if c.isprintable() else "?" for c in text)
    return f'"{text[: limit - 1]}…"' if len(text) > limit else f'"{text}"'


def known(names: object) -> str:
    """The names one may use, as the end of a sentence."""
    listed = sorted(str(name) for name in names) if isinstance(names, list | tuple | set | frozenset | Mapping) else []
    return ", ".join(listed)


def _message(error: ErrorDetails) -> str:
    kind, value, extra = error["type"], error["input"], dict(error.get("ctx") or {})
    if kind == "value_error":
        return str(extra["error"])
    if kind == "string_type":
        shown = show(value)
        hint = " (put it in quotes)" if isinstance(value, int | float) else ""
        return f"must be text, not {shown}{hint}"
    said = _SAY.get(kind)
    if said is None:
        return error["msg"][:1].lower() + error["msg"][1:]
    return said.format(shown=show(value), **{name: item for name, item in extra.items() if name != "shown"})


def faults_of(error: ValidationError, tree: Tree, model: type[BaseModel]) -> Iterator[Fault]:
    """Every pydantic error as a fault with its place, its line and plain words."""
    details = error.errors(include_url=False)
    # A list whose entries are all faulty is also called too short; only the entries' own faults help.
    parents = {detail["loc"][:end] for detail in details for end in range(len(detail["loc"]))}
    for detail in details:
        if detail["type"] == "too_short" and detail["loc"] in parents:
            continue
        path: Path = tuple(step for step in detail["loc"] if step != "[key]")
        line = tree.line_of(path)
        if detail["type"] == "extra_forbidden":
            names = _field_names(model, path[:-1])
            yield Fault(line, place_of(path), f"is not a known key here; known: {known(names)}")
        else:
            yield Fault(line, place_of(path), _message(detail))


def _field_names(model: type[BaseModel], path: Path) -> list[str]:
    """The keys allowed at `path` below `model`, found by following field types; empty when it cannot be told."""
    current: Any = model
    for step in path:
        current = _below(current, step)
    found = _model_in(current)
    return [field.alias or name for name, field in found.model_fields.items()] if found else []


def _below(annotation: Any, step: str | int) -> Any:
    """The type of what lies at `step` inside a value of type `annotation`."""
    for candidate in (annotation, *get_args(annotation)):
        if get_origin(candidate) is dict:
            return get_args(candidate)[1]
    if isinstance(step, int):
        return annotation  # `tuple[Model, ...]`: the model is looked for inside
    found = _model_in(annotation)
    field = found.model_fields.get(step) if found else None
    return field.annotation if field else None


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model inside ``tuple[Model, ...]`` or ``Model | None``; None if there is none."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _model_in(inner))), None)
