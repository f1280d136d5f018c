"""Drawings are pure, safe and spoken; tags write dates, counts and fields the same everywhere."""

import datetime as dt
from xml.etree import ElementTree

import pytest
from django import forms
from django.template import Context, Template

from core import clock
from core.charts import criterion_cells, day_strip, progress_track
from core.shapes import Cell, StripDay
from core.templatetags.ui import counted, day, initials, moment, shortday

DAYS = [StripDay(number, finished=number % 4, due=number > 12, off=number % 7 in (6, 0)) for number in range(1, 31)]


def strip(**changes: object) -> ElementTree.Element:
    values: dict[str, object] = {"today": 10, "gate": "next", "label": "Phase 1"}
    return ElementTree.fromstring(day_strip(DAYS, **{**values, **changes}))  # type: ignore[arg-type]  # noqa: S314 - our own drawing


def test_a_strip_is_one_picture_with_one_sentence() -> None:
    drawn = strip(label='Phase 1 <"&> today')
    assert drawn.get("role") == "img"
    assert drawn.get("aria-label") == 'Phase 1 <"&> today'
    assert "style" not in day_strip(DAYS, today=10, gate="", label="x")


def test_today_stands_up_only_inside_its_phase() -> None:
    assert len(strip().findall("rect")) == 1
    assert len(strip(today=31).findall("rect")) == 0
    assert "idle" in str(strip(today=0).get("class"))


def test_no_bar_leaves_the_picture_however_much_was_finished() -> None:
    drawn = day_strip([StripDay(1, finished=500), StripDay(2)], today=2, gate="", label="x", fullest=500)
    assert "V20.0" in drawn


@pytest.mark.parametrize(("state", "marks"), [("done", 1), ("late", 0), ("nonsense", 0)])
def test_a_passed_gate_has_a_tick(state: str, marks: int) -> None:
    drawn = day_strip(DAYS, today=10, gate=state, label="x")
    assert drawn.count("k-chk") == marks
    assert "nonsense" not in drawn


def test_an_empty_phase_draws_nothing() -> None:
    assert day_strip([], today=1, gate="", label="x") == ""


@pytest.mark.parametrize(("at", "reached"), [(-3, None), (45, "H100.0"), (200, "H200.0")])
def test_the_track_stays_inside_its_rail(at: int, reached: str | None) -> None:
    drawn = progress_track(day=at, days=90, gates=[(30, "done"), (60, "next")], label="Day 45 of 90")
    assert drawn.count("k-gate") == 2
    assert ("k-gone" in drawn) is (reached is not None)
    assert reached is None or reached in drawn


def test_a_cell_says_criterion_and_state_and_escapes_both() -> None:
    drawn = criterion_cells([Cell("ok", True, "<Bias>: verified", "/c/")])
    assert 'class="cell ok must"' in drawn
    assert 'aria-label="&lt;Bias&gt;: verified"' in drawn


def test_dates_name_the_year_only_when_it_differs() -> None:
    with clock.frozen(dt.datetime(2026, 11, 17, 9, tzinfo=dt.UTC)):
        assert day(dt.date(2026, 11, 17)) == "Tue 17 Nov"
        assert day(dt.date(2027, 1, 15)) == "Fri 15 Jan 2027"
        assert shortday(dt.date(2026, 11, 17)) == "17 Nov"
        assert moment(dt.datetime(2026, 11, 17, 23, 5, tzinfo=dt.UTC), "Europe/Berlin") == "Wed 18 Nov, 00:05"
    assert (day(None), shortday(None), moment(None)) == ("", "", "")


def test_counts_agree_with_their_noun() -> None:
    assert [counted(n, "criterion,criteria") for n in (0, 1, 2)] == ["no criteria", "1 criterion", "2 criteria"]
    assert counted(2, "day") == "2 days"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Mara Lindqvist", "ML"), ("Élodie", "É"), ("mara@example.org", "M"), ("", "?"), ("  —  ", "?")],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


class SampleForm(forms.Form):
    """One field of each sort."""

    name = forms.CharField(label="Name", help_text="As on the page.")
    choice = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect, required=False)
    ready = forms.BooleanField(label="Ready", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


def rendered(form: forms.Form) -> str:
    return Template("{% error_summary form %}{% for f in form %}{% field f %}{% endfor %}").render(
        Context({"form": form})
    )


def test_a_field_ties_label_hint_and_fault_together() -> None:
    page = rendered(SampleForm({"name": "", "version": "1"}))
    assert '<label for="id_name">Name</label>' in page
    assert 'aria-describedby="id_name_hint id_name_err"' in page
    assert 'aria-invalid="true"' in page
    assert '<a href="#id_name">Name: This field is required.</a>' in page
    assert "There is one thing to mend" in page


def test_a_sound_form_has_no_summary_and_keeps_hidden_fields_bare() -> None:
    page = rendered(SampleForm({"name": "x", "version": "7"}))
    assert "errsum" not in page
    assert '<input type="hidden" name="version" value="7" id="id_version">' in page
    assert "(optional)" in page


def test_what_was_typed_is_text_never_markup() -> None:
    assert "<b>" not in rendered(SampleForm({"name": "<b>x</b>", "version": "1"}))
