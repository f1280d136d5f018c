"""Reading YAML: lines are remembered, and hostile or sloppy files get a clear fault, never a traceback."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.domain.faults import FileFaultsError, place_of
from playbooks.domain.yamltree import MAX_BYTES, read_tree


def fault_of(source: str | bytes) -> str:
    with pytest.raises(FileFaultsError) as caught:
        read_tree(source)
    assert len(caught.value.faults) == 1
    return str(caught.value.faults[0])


def test_values_keep_their_kind_and_their_line() -> None:
    tree = read_tree("a: 1\nb:\n  - {c: x, d: 2026-10-12}\n  - 'true'\ne: [1.5, true, null, NO, on, 0x10, 1_000]\n")
    assert tree.data == {
        "a": 1,
        "b": [{"c": "x", "d": "2026-10-12"}, "true"],
        "e": [1.5, True, None, "NO", "on", "0x10", "1_000"],
    }
    assert tree.line_of(("b", 0, "d")) == 3
    assert tree.line_of(("b", 1)) == 4
    assert tree.line_of(("e", 4)) == 5


def test_the_line_of_something_missing_is_that_of_what_is_around_it() -> None:
    tree = read_tree("a: 1\nb:\n  c: 2\n")
    assert tree.line_of(("b", "d", "e")) == 3
    assert tree.line_of(("z",)) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "a: this key appears twice (line 3)"),
        ("a:\n  b: 1\n  b: 2\n", "a.b: this key appears twice (line 3)"),
        ("a:\n\tb: 1\n", "file: a tab is used to indent; YAML wants spaces (line 2)"),
        ("- 1\n- 2\n", "file: must hold keys and values at its top level"),
        ("just text", "file: must hold keys and values at its top level"),
        ("", "file: is empty"),
        ("# only a remark\n", "file: is empty"),
        ("a: 1\n---\nb: 2\n", "file: holds a second document (---); one file describes one thing (line 2)"),
        ("? [1, 2]\n: x\n", "file: a key must be a single word, not a list or a mapping (line 1)"),
        ("a: &x [1]\n", "a: an anchor (&name) is not allowed; write the value out where it is needed (line 1)"),
        (
            "a: !!python/object/apply:os.system [x]\n",
            "a: the tag tag:yaml.org,2002:python/object/apply:os.system is not",
        ),
        ("a: !secret x\n", "a: the tag !secret is not allowed"),
        ("a: {b: [1, 2\n", "file: is not readable YAML"),
        ("a: 'x\n", "file: is not readable YAML"),
        ("a: x\x01\n", "file: is not readable YAML"),
    ],
)
def test_a_bad_file_is_named_with_its_place(text: str, said: str) -> None:
    assert fault_of(text).startswith(said)


def test_bytes_that_are_no_text_are_refused_with_the_line() -> None:
    assert fault_of(b"a: 1\nb: \xff\xfe\n") == "file: is not UTF-8 text; save it as UTF-8 (line 2)"


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read_tree(b"\xef\xbb\xbfa: 1\n").data == {"a": 1}


def test_a_file_over_the_limit_is_refused_and_the_limit_named() -> None:
    assert (
        fault_of("a: " + "x" * MAX_BYTES)
        == f"file: is {MAX_BYTES + 3:,} bytes long; the limit is 1,000,000 bytes (1 MB)"
    )


def test_nesting_without_end_is_refused_before_it_costs() -> None:
    assert fault_of("a: " + "[" * 5000 + "]" * 5000) == "file: is nested deeper than 24 levels (line 1)"


def test_too_many_values_are_refused() -> None:
    assert fault_of("a: [" + "1," * 60_000 + "]") == "file: holds more than 50,000 values (line 1)"


def test_an_alias_bomb_is_refused_at_every_alias() -> None:
    text = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    with pytest.raises(FileFaultsError) as caught:
        read_tree(text)
    assert [fault.place for fault in caught.value.faults] == ["a", "b", "b[0]", "b[1]", "c[0]", "c[1]"]


def test_places_read_like_paths() -> None:
    assert place_of(("people", 0, "email")) == "people[0].email"
    assert place_of(()) == "file"


@given(st.one_of(st.text(max_size=300), st.binary(max_size=300)))
def test_whatever_comes_in_is_data_or_a_fault(source: str | bytes) -> None:
    try:
        read = read_tree(source).data
    except FileFaultsError as error:
        read = {"faults": error.faults}
    assert isinstance(read, dict)
