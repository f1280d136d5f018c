"""Files and batches of readings: each fault named by row and column, numbers taken as written (issue 4)."""

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.domain import csvfile, jsonbatch
from metrics.domain.batch import Fault, Row, against_stored, number

NOW = dt.datetime(2026, 1, 20, 9, tzinfo=dt.UTC)
UNITS = {"m-recall": "%", "m-latency": "ms"}
HEAD = "metric,measured_at,value,unit,note\n"


def read(text: str | bytes, units: Mapping[str, str] = UNITS) -> csvfile.Read:
    data = text.encode() if isinstance(text, str) else text
    return csvfile.read(data, zone="Europe/Berlin", now=NOW, units=units)


def faults(text: str | bytes) -> list[tuple[int, str]]:
    return [(fault.row, fault.column) for fault in read(text).faults]


def test_a_good_file_is_read_as_it_is_meant() -> None:
    found = read(HEAD + "m-recall,2026-01-19,91.5,%,first\nm-latency,2026-01-19T14:05+00:00,812,ms,\n\n")
    assert found.faults == []
    assert found.rows == [
        Row(2, "m-recall", dt.datetime(2026, 1, 18, 23, tzinfo=dt.UTC), Decimal("91.5000"), "first"),
        Row(3, "m-latency", dt.datetime(2026, 1, 19, 14, 5, tzinfo=dt.UTC), Decimal("812.0000")),
    ]


def test_byte_order_mark_semicolons_and_decimal_commas_are_understood() -> None:
    found = read("\ufeffmetric;measured_at;value\r\nm-recall;2026-01-19;91,5\r\n".encode())
    assert (found.faults, found.rows[0].value) == ([], Decimal("91.5"))


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("metric,measured,value\n", [(1, "measured"), (1, "measured_at")]),
        ("metric,value\nm-recall,1\n", [(1, "measured_at")]),
        ("metric,measured_at,value,value\n", [(1, "value"), (1, "value")]),
        ("", [(1, "")]),
        (HEAD, [(2, "")]),
        (HEAD + "m-recall,2026-01-19,91,ms,\n", [(2, "unit")]),
        (HEAD + "m-recall,2026-01-21,91,%,\n", [(2, "measured_at")]),
        (HEAD + "m-recall,1999-01-21,91,%,\n", [(2, "measured_at")]),
        (HEAD + "m-recall,yesterday,91,%,\n", [(2, "measured_at")]),
        (HEAD + "m-recall,,91,%,\n", [(2, "measured_at")]),
        (HEAD + "m-recall,2026-01-19,=1+1,%,\n", [(2, "value")]),
        (HEAD + "m-recall,2026-01-19,91,%,=HYPERLINK(A1)\n", [(2, "note")]),
        (HEAD + "@x,2026-01-19,91,%,\n", [(2, "metric")]),
        (HEAD + "m-recall,2026-01-19,91 %,%,\n", [(2, "value")]),
        (HEAD + "m-recall,2026-01-19,NaN,%,\n", [(2, "value")]),
        (HEAD + "m-recall,2026-01-19,1_000,%,\n", [(2, "value")]),
        (HEAD + "m-recall,2026-01-19,,%,\n", [(2, "value")]),
        (HEAD + "m-recall,2026-01-19,1e20,%,\n", [(2, "value")]),
        (HEAD + "m-recall,2026-01-19,91\n", [(2, "")]),
        (HEAD + f"m-recall,2026-01-19,91,%,{'x' * 301}\n", [(2, "note")]),
        (HEAD + 'm-recall,2026-01-19,91,%,"open\n', [(2, "")]),
        (HEAD + "m-recall,0001-01-01T00:00+14:00,91,%,\n", [(2, "measured_at")]),
        (HEAD + "m-recall,2026-01-19,91,%,\nm-recall,2026-01-22,x,%,\n", [(3, "measured_at"), (3, "value")]),
    ],
)
def test_each_fault_is_named_by_row_and_column(text: str, where: list[tuple[int, str]]) -> None:
    assert faults(text) == where


def test_latin_1_bytes_are_named_by_row_and_column() -> None:
    data = (HEAD + "m-recall,2026-01-19,91,%,good\n" + "m-recall,2026-01-18,91,%,gepr\xfcft\n").encode("latin-1")
    found = read(data)
    assert [(f.row, f.column) for f in found.faults] == [(3, "note")]
    assert "0xFC" in found.faults[0].message
    assert found.rows == []


def test_a_hundred_thousand_rows_are_read_and_one_more_is_refused() -> None:
    start = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    lines = [f"m-recall,{(start + dt.timedelta(minutes=n)).isoformat()},{n % 90}\n" for n in range(csvfile.MOST_ROWS)]
    text = "metric,measured_at,value\n" + "".join(lines)
    assert (len(read(text).rows), read(text).faults) == (100_000, [])
    more = read(text + f"m-recall,{NOW.isoformat()},1\n")
    assert [(f.row, f.column) for f in more.faults] == [(100_002, "")]


def test_a_file_beyond_its_size_is_not_even_decoded() -> None:
    assert faults(b"\xff" * (csvfile.MOST_BYTES + 1)) == [(1, "")]


def test_the_list_of_faults_ends_and_says_so() -> None:
    found = read(HEAD + "m-recall,2026-01-19,x,%,\n" * 300)
    assert (len(found.faults), found.cut, found.rows) == (200, True, [])


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    found = read(data)
    assert found.faults
    assert all(fault.row >= 1 for fault in found.faults)


@given(st.decimals(min_value="-99999999999999", max_value="99999999999999", places=4))
def test_numbers_survive_as_written(value: Decimal) -> None:
    assert number(f"{value:f}") == value


# ---------------------------------------------------------------- against what is stored

AT = dt.datetime(2026, 1, 19, tzinfo=dt.UTC)


def judged(*rows: Row, stored: dict[Any, Decimal] | None = None, file: bool = True) -> Any:
    return against_stored(rows, UNITS, stored or {}, repeats_are_faults=file)


def test_a_duplicate_in_a_file_names_both_rows() -> None:
    fresh, unchanged, found = judged(Row(2, "m-recall", AT, Decimal(1)), Row(3, "m-recall", AT, Decimal(1)))
    assert (len(fresh), unchanged) == (1, 0)
    assert found == [Fault(3, "measured_at", "the same time as in row 2.")]


def test_a_sender_that_repeats_itself_is_counted_once_unless_it_contradicts_itself() -> None:
    same = judged(Row(1, "m-recall", AT, Decimal(1)), Row(2, "m-recall", AT, Decimal(1)), file=False)
    assert (len(same[0]), same[1], same[2]) == (1, 1, [])
    other = judged(Row(1, "m-recall", AT, Decimal(1)), Row(2, "m-recall", AT, Decimal(2)), file=False)
    assert [(f.row, f.column) for f in other[2]] == [(2, "measured_at")]


def test_the_same_is_passed_over_and_another_value_is_a_fault() -> None:
    stored = {("m-recall", AT): Decimal(1)}
    assert judged(Row(2, "m-recall", AT, Decimal(1)), stored=stored) == ([], 1, [])
    _, _, found = judged(Row(2, "m-recall", AT, Decimal(2)), stored=stored)
    assert [(f.row, f.column) for f in found] == [(2, "value")]


def test_an_unknown_metric_is_a_fault() -> None:
    assert [(f.row, f.column) for f in judged(Row(2, "m-x", AT, Decimal(1)))[2]] == [(2, "metric")]


# ---------------------------------------------------------------- JSON

GOOD = {"metric": "m-recall", "measured_at": "2026-01-19T08:00:00Z", "value": 91.1}


def batch(document: Any) -> tuple[list[Row], list[Fault]]:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    return jsonbatch.read(data, now=NOW)


def test_a_batch_is_read_without_a_binary_float() -> None:
    rows, found = batch(b'[{"metric": "m-recall", "measured_at": "2026-01-19T08:00:00Z", "value": 0.1}]')
    assert (rows[0].value, found) == (Decimal("0.1"), [])
    assert batch({"readings": [{**GOOD, "value": "91.1"}]})[0][0].value == Decimal("91.1")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"value": True}, "value"),
        ({"value": None}, "value"),
        ({"value": "high"}, "value"),
        ({"value": [1]}, "value"),
        ({"measured_at": "2026-01-19T08:00:00"}, "measured_at"),
        ({"measured_at": "2026-01-19"}, "measured_at"),
        ({"measured_at": "2026-01-20T10:00:00Z"}, "measured_at"),
        ({"measured_at": "soon"}, "measured_at"),
        ({"metric": ""}, "metric"),
        ({"extra": "1"}, "extra"),
        ({"note": "x" * 301}, "note"),
    ],
)
def test_a_fault_of_a_batch_is_named_by_reading_and_field(change: dict[str, Any], field: str) -> None:
    rows, found = batch({"readings": [GOOD, {**GOOD, **change}]})
    assert [(f.row, f.column) for f in found] == [(2, field)]
    assert len(rows) == 1


def test_nan_is_no_number() -> None:
    _, found = batch(b'[{"metric": "m-recall", "measured_at": "2026-01-19T08:00:00Z", "value": NaN}]')
    assert [(f.row, f.column) for f in found] == [(1, "value")]


@pytest.mark.parametrize("data", [b"", b"{", b"5", b"[]", b'{"readings": []}', b"[" * 100_000, b"\xff", b'{"a": 1}'])
def test_what_is_no_batch_is_said_in_a_sentence(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"not readable as JSON|at least one reading"):
        batch(data)


def test_ten_thousand_fit_and_one_more_does_not() -> None:
    assert len(batch([GOOD] * 10_000)[0]) == 10_000
    with pytest.raises(jsonbatch.TooMany):
        batch([GOOD] * 10_001)
