"""The preview before somebody saves something about themselves (rule 8): what it says is what the engine then does."""

import datetime as dt
import html
import re
from dataclasses import replace

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Absence
from accounts.services import add_absence, change_profile
from activity.models import Entry
from programs.models import Role
from reminders.domain.preferences import ALLOWED, Preferences
from reminders.enums import Choice, RuleSlug, State, Style
from reminders.models import Delivery, Mail, Preference
from reminders.selectors.changed import own_changes
from reminders.selectors.preferences import wish_of
from reminders.services import copy_default_rules, tick
from reminders.services.preferences import change_preferences
from tests import factories
from tests.factories import sign_in

PAGE, HOUR, AWAY = "/profile/reminders/", "/profile/preview/", "/profile/absences/preview/"
NOW = "2026-01-20 10:00"  # task `train` is due on Mon 26 Jan, `accuracy` on Fri 30 Jan, gate 1 on Tue 3 Feb
DAYS = 16
FEWER = {RuleSlug.ITEM_DUE: Choice.LAST, RuleSlug.GATE_AHEAD: Choice.LAST}
SPAN = (dt.date(2026, 1, 28), dt.date(2026, 1, 30))
WANTED = {
    "quiet and fewer": {"preferences": Preferences(frozenset({2, 4}), choices=FEWER)},
    "single and week": {"preferences": Preferences(style=Style.SINGLE, week=True)},
    "hour": {"hour": 11, "zone": "Europe/London"},
    "away": {"absences": (SPAN,)},
}


def fields(person, **changed):
    """What a browser sends from the page of the wishes."""
    kinds = {f"rule_{slug}": "all" for slug in ALLOWED}
    return {"version": wish_of(person).version, "style": "digest", **kinds, "step": "preview", **changed}


def rows():
    """Everything that a preview must leave alone."""
    kept = (Preference, Absence, Entry, Delivery, Mail)
    return [list(model.objects.order_by("pk").values()) for model in kept]


def words(answer):
    return html.unescape(answer.content.decode())


def save(person, wanted):
    """Save what was previewed, the way its page does."""
    if "preferences" in wanted:
        change_preferences(actor=person, user=person, wanted=wanted["preferences"], version=0)
    elif "hour" in wanted:
        zone, hour = wanted["zone"], wanted["hour"]
        change_profile(actor=person, user=person, name=person.name, time_zone=zone, reminder_hour=hour)
    else:
        add_absence(actor=person, user=person, start=SPAN[0], end=SPAN[1])


@pytest.mark.parametrize("name", WANTED)
def test_rule_8_what_the_preview_says_is_what_leaves(built, at, name):
    """Every reminder, its instant and the number of mails: previewed, saved, and lived through day by day."""
    start, mia, wanted = at(NOW), built.owner, WANTED[name]
    tick()
    said = own_changes(mia, lambda p: replace(p, **wanted), start, days=DAYS, others=name == "away").changes
    assert not said.same
    save(mia, wanted)
    for day in range(1, DAYS + 1):
        at(f"{dt.date(2026, 1, 20) + dt.timedelta(days=day)} {wanted.get('hour', 7) + 1:02d}:00")
        tick()
    ahead = {"mail__created_at__gt": start, "mail__created_at__lte": start + dt.timedelta(days=DAYS)}
    left = Delivery.objects.filter(user=mia, state=State.SENT, **ahead).select_related("mail")
    assert {row.key: row.mail.created_at for row in left} == {m.intent.key: m.at for m in said.stays}
    assert len({row.mail_id for row in left}) == said.mails_then


def test_rule_8_the_wishes_are_previewed_and_nothing_is_saved(built, at):
    at(NOW)
    tick()
    mia, client = built.owner, sign_in(built.owner)
    kept = rows()
    wanted = fields(mia, quiet=["4", "2"], **{"rule_item-due": "last", "rule_gate-ahead": "last"})
    page = words(client.post(PAGE, wanted))
    for text in (
        "Nothing is saved yet",
        "Mails: 11 now, 9 then. Reminders in them: 19 now, 14 then.",
        "Reminders that fall away",
        "Work due: only the last one",
        "Reminders that come on another day",
        "<b>Thu 22 Jan, 08:00</b> instead of Fri 23 Jan, 08:00. Due",
        "What comes all the same",
        "The last one before the gate and the one on its day always come",
        "One mail a day; without my week; quiet on Wednesday, Friday; Gate ahead: only the last one; Work due",
        '<input type="hidden" name="quiet" value="4">',
        'name="rule_item-due" value="last"',
    ):
        assert text in page, text
    # Back at the fields everything is as it was typed.
    back = words(client.post(PAGE, wanted | {"step": "edit"}))
    assert re.findall(r'name="quiet" value="(\d)"[^>]* checked', back) == ["2", "4"]
    assert back.count('<option value="last" selected') == 2
    for step in ("preview", "edit", "save"):
        bad = client.post(PAGE, wanted | {"step": step, "quiet": ["0", "1", "2", "3", "4"]})
        assert (bad.status_code, "Choose at most 4 days" in words(bad)) == (422, True)
    same = words(client.post(PAGE, fields(mia)))
    assert '<h1 class="verdict">Nothing changes</h1>' in same
    assert 'value="save"' not in same
    # A wish that nothing of the next days is about.
    nothing = words(client.post(PAGE, fields(mia, rule_expiry="last")))
    assert "No mail of the next 30 days changes" in nothing
    assert 'value="save"' in nothing
    assert rows() == kept
    assert client.post(PAGE, wanted | {"step": "save"}).status_code == 302
    assert rows() != kept
    # Somebody else's page knows nothing of it, whoever they name.
    other = words(sign_in(built.sponsor).post(PAGE, fields(built.sponsor, user=mia.pk)))
    assert "Nothing changes" in other
    assert "Owner (Model owner)" not in other
    stranger = factories.user("stranger")
    alone = words(sign_in(stranger).post(PAGE, fields(stranger, style="single")))
    assert "No mail of the next 30 days changes" in alone
    assert "You would not be mailed in the next 30 days" in alone


def test_rule_8_hour_zone_and_days_away_are_previewed_from_the_profile(built, at):
    at(NOW)
    tick()
    client, kept = sign_in(built.owner), rows()
    hour = {"name": "Mia", "time_zone": "Europe/Berlin", "reminder_hour": "0"}
    page = words(client.post(HOUR, hour))
    for text in (
        "reminders come at another time",
        "at <b>00:00</b> instead of 08:00",
        'name="reminder_hour" value="0"',
    ):
        assert text in page, text
    back = words(client.post(HOUR, hour | {"step": "edit"}))
    assert '<option value="0" selected>00:00' in back
    bad = client.post(HOUR, hour | {"reminder_hour": "24"})
    assert (bad.status_code, "Select a valid choice" in words(bad)) == (422, True)
    away = {"start": "2026-01-30", "end": "2026-01-30"}
    page = words(client.post(AWAY, away))
    for text in (
        "2 reminders do not come to you",
        "What does not come to you",
        "Goes to Max.Claims, Deputy (Model owner)",
        "<dt>Now</dt><dd>No days away</dd><dt>Then</dt><dd>30 Jan 2026</dd>",
        'action="/profile/absences/"',
        'name="start" value="2026-01-30"',
    ):
        assert text in page, text
    back = words(client.post(AWAY, away | {"step": "edit"}))
    assert 'value="2026-01-30"' in back
    bad = client.post(AWAY, away | {"end": "2026-01-29"})
    assert (bad.status_code, "The last day is before the first" in words(bad)) == (422, True)
    far = words(client.post(AWAY, {"start": "2026-03-02", "end": "2026-03-06"}))
    assert "The next 52 days" in far
    assert rows() == kept
    assert client.post("/profile/absences/", away).status_code == 302
    assert "You already have an absence" in words(client.post(AWAY, away))


@pytest.mark.parametrize("path", [PAGE, AWAY])
def test_a_preview_takes_the_same_queries_for_three_programs_as_for_one(built, at, path):
    at(NOW)
    client = sign_in(built.owner)
    wanted = fields(built.owner, style="single") if path == PAGE else {"start": "2026-01-30", "end": "2026-01-30"}
    counts = []
    for names in ((), ("fraud", "underwriting")):
        for name in names:
            more = factories.program(name)
            copy_default_rules(more.program)
            Role.objects.filter(program=more.program, slug="model-owner").update(holder=built.owner)
        cache.clear()  # the number beside "My work" is kept for a minute
        with CaptureQueriesContext(connection) as found:
            page = words(client.post(path, wanted))
        counts.append(len(found))
    assert counts[0] == counts[1] <= 12
    assert "Underwriting" in page
