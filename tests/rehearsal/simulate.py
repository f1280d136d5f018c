"""Random programs rehearsed with the real engine, what left held against the recomputation; exit 1 on a fault.

`python -m tests.rehearsal.simulate --programs 50 --seed 1`. The programs run in a process and folder of their own
(`inside`), so that nothing can reach an installation. Each is launched for real, then thinned to a dozen items and to
the rules that `recompute` covers, so that fifty of them take minutes and not an hour.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter

from tests.naive import Person
from tests.rehearsal.random_program import ROOT, RULES, RandomProgram
from tests.rehearsal.recompute import LATE, Told


def main() -> int:
    """Run the programs in a process of their own; pass on its words and its exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="roadmap-random-") as folder:
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        environment |= {
            "DJANGO_SETTINGS_MODULE": "roadmap_site.settings",
            "ROADMAP_DATA": folder,
            "ROADMAP_REHEARSAL": "1",
            "LOG_LEVEL": "ERROR",
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", "tests.rehearsal.inside", str(wanted.seed), str(wanted.programs)]
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def compared(letters: list, wanted: set[Told]) -> list[str]:
    """The same set of (person, local date, item, rule), and nothing twice."""
    found = Counter((to, on, item, rule) for to, on, _, _, items in letters for item, rule in items)
    faults = [f"missing: {' '.join(map(str, told))}" for told in sorted(wanted - set(found))]
    faults += [f"not wanted: {' '.join(map(str, told))}" for told in sorted(set(found) - wanted)]
    return faults + [f"twice: {told}" for told, number in found.items() if number > 1]


def broken(program: RandomProgram, letters: list) -> list[str]:
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
