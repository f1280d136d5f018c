"""Pictures of measured values: gaps stay gaps, the band reaches an open end, words are escaped."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from core.series import Band, Dot, Line, Mark, chart, spark

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
GAP = 3 * DAY


def dots(*values: float, missing: frozenset[int] = frozenset()) -> list[Dot]:
    return [Dot(START + n * DAY, value) for n, value in enumerate(values) if n not in missing]


def test_nothing_measured_draws_nothing() -> None:
    assert spark([], Band(), gap=GAP, label="x") == ""
    assert chart([], Band(), [], [], gap=GAP, label="x") == ""


def test_a_gap_breaks_the_line_and_a_lonely_value_is_a_dot() -> None:
    whole = spark(dots(1, 2, 3, 4), Band(), gap=GAP, label="x")
    broken = spark(dots(1, 2, 3, 4, 5, 6, 7, 8, 9, missing=frozenset({2, 3, 4, 5, 6})), Band(), gap=GAP, label="x")
    lonely = spark(dots(1, 2, 3, 4, 5, missing=frozenset({1, 2, 3})), Band(), gap=GAP, label="x")
    assert (whole.count("k-lead"), whole.count("k-single")) == (1, 0)
    assert (broken.count("k-lead"), broken.count("k-single")) == (2, 0)
    assert (lonely.count("k-lead"), lonely.count("k-single")) == (0, 2)


def test_words_are_escaped_and_marks_lie_inside_the_time_shown() -> None:
    drawn = chart(
        dots(1, 5),
        Band(low=2),
        [Line(3, "<warn>", "warn"), Line(3.01, "critical 3", "critical")],
        [Mark(START, "Gate <1>"), Mark(START + 9 * DAY, "Gate 2")],
        gap=GAP,
        label='"quoted"',
    )
    assert "&lt;warn&gt;" in drawn
    assert "Gate &lt;1&gt;" in drawn
    assert "Gate 2" not in drawn
    assert "&quot;quoted&quot;" in drawn
    assert drawn.count('class="k-band"') == 1


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20),
    st.one_of(st.none(), st.floats(-1e6, 1e6)),
    st.one_of(st.none(), st.floats(-1e6, 1e6)),
)
def test_any_numbers_can_be_drawn(values: list[float], low: float | None, high: float | None) -> None:
    drawn = chart(dots(*values), Band(low, high), [], [], gap=GAP, label="x")
    assert "nan" not in drawn
    assert "inf" not in drawn
