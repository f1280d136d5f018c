"""Rehearses random programs with the real engine and holds what left against the recomputation; a table, exit 1 on a fault.

`python -m tests.rehearsal.simulate --programs 50 --seed 1`. Starts itself once more in a folder of its own, so that
nothing it does can reach an installation. Each program is launched for real, then thinned to a dozen items and to the
rules that `recompute` covers, so that fifty of them take minutes and not an hour.
"""

import argparse
import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.naive import DAY, Person
from tests.rehearsal.random_program import COVERED, ROOT, RULES, RandomProgram, draw
from tests.rehearsal.recompute import LATE, Told, recompute

INSIDE = "--inside"
TAIL = 8 * DAY
"""How long a program is watched after day 90."""


def main() -> int:
    """Run the programs in a process of their own; pass on its words and its exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(INSIDE, action="store_true")
    wanted = parser.parse_args()
    if wanted.inside:
        return _inside(range(wanted.seed, wanted.seed + wanted.programs))
    with tempfile.TemporaryDirectory(prefix="roadmap-random-") as folder:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        environment = {
            **kept, "DJANGO_SETTINGS_MODULE": "roadmap_site.settings", "ROADMAP_DATA": folder, "LOG_LEVEL": "ERROR",
            "ROADMAP_REHEARSAL": "1", "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        return subprocess.run(
            [sys.executable, "-m", "tests.rehearsal.simulate", *sys.argv[1:], INSIDE], cwd=ROOT, env=environment, check=False
        ).returncode


def _inside(seeds: range) -> int:
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from rehearsal.services.stage import set_up
    from tests.rehearsal import live

    set_up()
    file = Path(str(connection.settings_dict["NAME"]))
    connection.close()
    empty = Path(settings.DATA_DIR if hasattr(settings, "DATA_DIR") else file.parent) / "empty.sqlite3"
    shutil.copy(file, empty)
    bad, mails = 0, 0
    for seed in seeds:
        began, program = time.monotonic(), draw(seed)
        shutil.copy(empty, file)
        until = dt.datetime.combine(program.start + 90 * DAY + TAIL, dt.time(12), dt.UTC)
        letters = live.live(program, until)
        connection.close()
        faults = [*_compared(letters, recompute(program, until)), *_broken(program, letters)]
        rules = Counter(rule for _, _, _, _, items in letters for _, rule in items)
        mails, bad = mails + len(letters), bad + bool(faults)
        where = f"{program.days.country}-{program.days.subdivision or ''} {program.zone}"
        print(
            f"{seed:>5}  {'FAULT' if faults else 'ok':<6}{program.start}  {where:<34}{len(letters):>4} mails"
            f"{sum(rules.values()):>6} reminders, {len(rules)} rules {time.monotonic() - began:>6.1f} s",
            flush=True,
        )
        for fault in faults[:12]:
            print(f"       {fault}", flush=True)
    print(f"{len(seeds)} programs, {mails} mails, {bad} with faults")
    return 1 if bad else 0


def _compared(letters: list, wanted: set[Told]) -> list[str]:
    """The same set of (person, local date, item, rule), and nothing twice."""
    found = Counter((to, on, item, rule) for to, on, _, _, items in letters for item, rule in items)
    faults = [f"missing: {' '.join(map(str, told))}" for told in sorted(wanted - set(found))]
    faults += [f"not wanted: {' '.join(map(str, told))}" for told in sorted(set(found) - wanted)]
    return faults + [f"twice: {told}" for told, number in found.items() if number > 1]


def _broken(program: RandomProgram, letters: list) -> list[str]:
    """The promises on their own: the hour, days off, what is done, closed accounts, every lead of every gate."""
    faults: list[str] = []
    done = {act.what: act.at for act in program.acts if act.kind == "finish"}
    closed = {act.what: act.at for act in program.acts if act.kind == "close"}
    moved = {act.what for act in program.acts if act.kind == "move"}
    for to, on, at, _, items in letters:
        zone, hour = program.people[to]
        local = Person(zone).local(at)
        if not hour <= local.hour < max(LATE, hour + 1):
            faults.append(f"outside the hour: {to} at {local}")
        off = not program.days.works(on) or (to in program.away and program.away[to][0] <= on <= program.away[to][1])
        if off and any(rule != "gate-ahead" for _, rule in items):
            faults.append(f"on a day off: {to} at {local}: {items}")
        if to in closed and at > closed[to]:
            faults.append(f"to a closed account: {to} at {local}")
        faults += [f"after it was done: {to} {item} at {at}" for item, _ in items if item in done and at > done[item]]
    for event in program.events:
        if event["kind"] == "gate" and event["slug"] not in moved:
            days = {on for _, on, _, _, items in letters if (f"event:{event['slug']}", "gate-ahead") in items}
            due = program.due(event)
            leads = {program.days.shifted(due, -k) for k in RULES["gate-ahead"]["leads"] if k} | {due}
            faults += [f"no lead of {event['slug']} on {day}" for day in sorted(leads - days) if day >= program.start]
    return faults


if __name__ == "__main__":
    sys.exit(main())
