"""Pages of the metrics: what they show, forms that keep what was typed, queries that do not grow."""

import csv
import datetime as dt
import io
import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from metrics import services
from metrics.models import Alert, ApiToken, LimitChange, Metric, Reading
from tests.factories import sign_in
from tests.metrics.world import NOW, World, metric

HX = {"headers": {"HX-Request": "true"}}


def to(w: World, name: str, *args: object) -> str:
    return reverse(name, args=[w.program.slug, *args])


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def queries(w: World, path: str) -> int:
    client = sign_in(w.owner)
    client.get(path)
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


# ---------------------------------------------------------------- what is shown


def test_tiles_show_value_word_staleness_and_a_picture_with_a_sentence(w: World) -> None:
    w.send((72, "55"), (48, "62"), (24, "70"))
    page = sign_in(w.verifier).get(to(w, "metrics")).content.decode()
    assert 'role="img" aria-label="Recall: 55, 62, 70 %; target 60 or more"' in page
    assert "On target" in page
    assert "No reading yet" in page
    assert "example: confirm" in page


def test_s52_s53_missing_kinds_are_named_with_why(w: World) -> None:
    page = words(sign_in(w.owner).get(to(w, "metrics")))
    assert "6 required kinds without a confirmed metric" in page
    assert "quality (its metrics are examples nobody confirmed)" in page
    assert "cost (there is no metric for it)" in page


def test_silence_is_not_a_flat_line(w: World) -> None:
    w.send((24 * 30, "70"))
    page = words(sign_in(w.owner).get(to(w, "metrics")))
    assert "Not reported" in page
    assert "On target" not in page


def test_the_metric_page_has_the_chart_and_the_same_numbers_as_a_table(w: World) -> None:
    w.send((50, "70.5"), (2, "12"))
    page = sign_in(w.verifier).get(w.recall.get_absolute_url())
    text = page.content.decode()
    assert 'class="series"' in text
    assert "warning 40" in text
    assert "critical 20" in text
    assert '<td class="num">70.5</td>' in text
    assert "Critical limit breached" in text
    assert "Nobody investigates yet" in text
    assert "Acknowledge it: Only the metric" in words(page)  # the verifier may not, and reads why


def test_gates_are_diamonds_in_the_chart(w: World) -> None:
    gate = w.events["gate-30"]
    gate.due_date = NOW.date() - dt.timedelta(days=1)
    gate.save()
    w.send((72, "70"), (1, "70"))
    assert ">Gate 1</text>" in sign_in(w.owner).get(w.recall.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("readings", "metrics"), [(1, 0), (3, 0), (300, 6)])
def test_pages_cost_the_same_with_one_reading_and_with_many(w: World, readings: int, metrics: int) -> None:
    for number in range(metrics):
        metric(w.built, f"m-more-{number}", position=number + 2)
    w.send(*((n + 1, "70") for n in range(readings)))
    assert queries(w, to(w, "metrics")) == 7
    assert queries(w, w.recall.get_absolute_url()) == 10


def test_older_readings_come_by_key(w: World) -> None:
    w.send(*((n, str(n)) for n in range(1, 121)))
    client, path, seen = sign_in(w.owner), w.recall.get_absolute_url(), list[str]()
    for _ in range(3):
        page = client.get(path).content.decode()
        seen += re.findall(r'<td class="num">(\d+)</td>', page)
        older = re.search(r'href="(\?before=[^"#]+)', page)
        path = w.recall.get_absolute_url() + older.group(1) if older else ""
    assert path == ""
    assert seen == [str(n) for n in range(1, 121)]
    assert client.get(w.recall.get_absolute_url() + "?before=nonsense").status_code == 200


def test_an_export_neutralises_formulas_and_can_be_imported_again(w: World) -> None:
    at = NOW - dt.timedelta(hours=1)
    services.add_reading(actor=w.owner, metric=w.recall, measured_at=at, value=Decimal("-5.5"), note="=cmd()")
    Metric.objects.filter(pk=w.recall.pk).update(unit="@evil")
    sent = sign_in(w.verifier).get(to(w, "readings_export", "m-recall"))
    text = b"".join(sent.streaming_content).decode()  # type: ignore[attr-defined]
    assert list(csv.reader(io.StringIO(text)))[1] == ["m-recall", at.isoformat(), "-5.5", "'@evil", "'=cmd()"]
    assert ",-5.5," in text
    assert sent["Content-Disposition"] == 'attachment; filename="m-recall.csv"'


# ---------------------------------------------------------------- forms


def test_a_reading_by_hand_is_one_of_the_programs_clock(w: World) -> None:
    typed = {"value": "71", "measured_at": "2026-01-20T09:30", "note": "Batch 12"}
    for _ in range(2):
        answer = sign_in(w.owner).post(to(w, "reading_add", "m-recall"), typed)
        assert (answer.status_code, answer["Location"]) == (302, w.recall.get_absolute_url())
    row = Reading.objects.get()
    assert row.measured_at == dt.datetime(2026, 1, 20, 8, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("changes", "field"), [({"value": "much"}, "value"), ({"measured_at": "2026-01-21T09:00"}, "measured_at")]
)
def test_what_was_typed_stays_with_the_message_at_its_field(w: World, changes: dict[str, str], field: str) -> None:
    typed = {"value": "71", "measured_at": "2026-01-20T09:30", "note": "Batch 12", **changes}
    answer = sign_in(w.owner).post(to(w, "reading_add", "m-recall"), typed, **HX)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="reading_{field}_err"' in page
    assert "Batch 12" in page
    assert page.strip().startswith('<div id="metric">')
    assert Reading.objects.count() == 0


def test_htmx_is_led_to_the_page_after_a_change(w: World) -> None:
    typed = {"value": "71", "measured_at": "2026-01-20T09:30"}
    answer = sign_in(w.owner).post(to(w, "reading_add", "m-recall"), typed, **HX)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, w.recall.get_absolute_url())


def test_an_alert_is_acknowledged_with_a_name_and_a_note(w: World) -> None:
    w.read("10")
    alert = Alert.objects.get()
    typed = {"investigator": w.owner.pk, "note": "Look at the new feed."}
    assert sign_in(w.owner).post(to(w, "alert_acknowledge", "m-recall", alert.pk), typed).status_code == 302
    page = words(sign_in(w.owner).get(w.recall.get_absolute_url()))
    assert "finds out why" in page
    assert "Look at the new feed." in page
    late = sign_in(w.manager).post(to(w, "alert_acknowledge", "m-recall", alert.pk), typed)
    assert late.status_code == 409


def test_limits_are_changed_with_a_reason_and_shown_before_and_after(w: World) -> None:
    client = sign_in(w.owner)
    page = client.get(to(w, "metric_limits", "m-recall")).content.decode()
    assert 'value="40"' in page
    typed = {"version": 1, "direction": "higher", "target_low": "60", "warn_low": "50", "critical_low": "20"}
    refused = client.post(to(w, "metric_limits", "m-recall"), typed)
    assert (refused.status_code, LimitChange.objects.count()) == (422, 0)
    assert 'id="limits_reason_err"' in refused.content.decode()
    assert client.post(to(w, "metric_limits", "m-recall"), {**typed, "reason": "Earlier."}).status_code == 302
    assert "Warning limit: 40 or more → 50 or more" in words(client.get(w.recall.get_absolute_url()))
    slower = client.post(to(w, "metric_limits", "m-recall"), {**typed, "warn_low": "45", "reason": "Later."})
    assert slower.status_code == 409
    assert "warning 50" in words(slower)


def test_a_metric_is_added_changed_and_confirmed(w: World) -> None:
    typed = {
        "key": "k", "metric_name": "Failed requests", "category": "reliability", "unit": "%", "frequency": "daily",
        "source": "logs", "owner_role": w.roles["model-owner"].pk, "direction": "lower", "target_high": "1",
        "warn_high": "2", "critical_high": "3",
    }  # fmt: skip
    client = sign_in(w.manager)
    assert client.post(to(w, "metric_add"), {**typed, "unit": ""}).status_code == 422
    assert client.post(to(w, "metric_add"), {**typed, "critical_high": "1.5"}).status_code == 422
    assert client.post(to(w, "metric_add"), typed).status_code == 302
    made = Metric.objects.get(slug="m-failed-requests")
    changed = client.post(to(w, "metric_change", made.slug), {**typed, "version": 1, "metric_name": "Failures"})
    assert changed.status_code == 302
    made.refresh_from_db()
    assert (made.name, made.version) == ("Failures", 2)
    assert sign_in(w.owner).post(to(w, "metric_confirm", made.slug), {"version": 2}).status_code == 302
    made.refresh_from_db()
    assert made.confirmed


def test_a_correction_is_typed_on_a_page_that_shows_what_is_stored(w: World) -> None:
    row = w.read("70")
    path = to(w, "reading_correct", "m-recall", row.pk)
    assert "Stored is 70 %" in words(sign_in(w.owner).get(path))
    assert sign_in(w.owner).post(path, {"value": "7", "reason": ""}).status_code == 422
    assert sign_in(w.owner).post(path, {"value": "7", "reason": "A digit too many."}).status_code == 302
    assert "Corrected from 70: A digit too many." in words(sign_in(w.owner).get(w.recall.get_absolute_url()))


# ---------------------------------------------------------------- files and keys


def upload(w: World, text: bytes, who: Any = None) -> Any:
    file = SimpleUploadedFile("r.csv", text, "text/csv")
    return sign_in(who or w.owner).post(to(w, "readings_import"), {"file": file})


def test_a_file_is_looked_at_first_and_imported_by_the_next_press(w: World) -> None:
    answer = upload(w, b"metric,measured_at,value\nm-recall,2026-01-19,71\n")
    assert answer.status_code == 302
    page = words(sign_in(w.owner).get(answer["Location"]))
    assert "1 new reading" in page
    assert "Nothing is stored yet." in page
    assert Reading.objects.count() == 0
    for _ in range(2):
        assert sign_in(w.owner).post(answer["Location"]).status_code == 302
    assert Reading.objects.count() == 1


def test_faults_of_a_file_are_a_table_of_rows_and_columns(w: World) -> None:
    answer = upload(w, b"metric,measured_at,value\nm-recall,2027-01-19,71\nm-recall,2026-01-19,=1\n")
    assert answer.status_code == 422
    page = words(answer)
    assert "2 measured_at This time lies in the future." in page
    assert "3 value A formula" in page
    assert Reading.objects.count() == 0


def test_a_key_is_shown_in_one_answer_only(w: World) -> None:
    client = sign_in(w.manager)
    made = client.post(to(w, "metric_tokens"), {"key": "k", "title": "Grafana"})
    secret = re.search(r"r90m_[\w-]{43}", made.content.decode())
    assert secret is not None
    assert "no-store" in made["Cache-Control"]
    assert secret.group() not in client.get(to(w, "metric_tokens")).content.decode()
    again = client.post(to(w, "metric_tokens"), {"key": "k", "title": "Grafana"})
    assert "made already" in words(again)
    assert ApiToken.objects.count() == 1
    assert client.post(to(w, "metric_token_revoke", ApiToken.objects.get().pk)).status_code == 302
    assert services.authenticate(secret.group()) is None
