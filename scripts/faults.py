"""`make faults`: everything that can go wrong around the engine, with real processes; a table, and `faults.json`.

First the scenarios, then two simulations that kill nothing: Hypothesis looks longer for an order of events that breaks
a promise, and random programs are lived through and computed a second time by naive code. KILLS (200) says how often
workers and beat are killed in the long run, PROGRAMS (50) how many programs are lived through, SEED (90) what is drawn,
ONLY (all) which of it runs, by name with commas. Exit 1 when a mail was lost, doubled without its reason, changed or
late, or when something could not be carried through. Talks only to servers that it starts on this machine.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.reminders.faults.scenarios import ERRORS, SCENARIOS, Size, play

ROOT = Path(__file__).resolve().parent.parent
COLUMNS = {
    "scenario": "scenario", "faults": "faults", "in_window": "in hand", "due": "due", "refused": "refused",
    "lost": "lost", "doubled": "doubled", "unexplained": "unexplained", "changed": "changed", "late": "late",
    "recovery": "recovery s", "seconds": "took s",
}  # fmt: skip


MACHINE = [sys.executable, "-m", "pytest", "tests/reminders/test_machine.py", "-q", "-n", "0"]
LIVED = [sys.executable, "-m", "tests.rehearsal.simulate"]
SIMULATIONS = ("machine", "programs")


def number(name: str, otherwise: int, most: int) -> int:
    """Read a whole number from the environment. Errors: stops with one line naming the variable."""
    text = os.environ.get(name, str(otherwise))
    if not text.isdigit() or not 0 < int(text) <= most:
        raise SystemExit(f"{name}: takes a number from 1 to {most}")
    return int(text)


def chosen() -> list[str]:
    """Return the scenarios to run. Errors: stops with one line naming the variable."""
    known = [*SCENARIOS, *SIMULATIONS]
    names = [name for name in os.environ.get("ONLY", "").split(",") if name] or known
    for name in names:
        if name not in known:
            raise SystemExit(f"ONLY: {name}: not known; there are {', '.join(known)}")
    return names


def simulated(name: str, seed: int) -> dict[str, Any]:
    """Run a simulation; what it came to is in its last line. What a bad one says goes to standard error."""
    programs = ["--programs", str(number("PROGRAMS", 50, 10_000)), "--seed", str(seed)]
    command, environment = (MACHINE, {"REMINDER_MACHINE": "deep"}) if name == "machine" else ([*LIVED, *programs], {})
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.stderr.write(done.stdout[-20_000:] + done.stderr[-5_000:])
    last = (done.stdout.strip().splitlines() or [done.stderr[-300:]])[-1]
    return {"scenario": name, "good": done.returncode == 0, "said": last, "seconds": round(time.monotonic() - began, 1)}


def line(row: dict[str, Any]) -> str:
    """One row of the table, in Markdown."""
    return "| " + " | ".join(str(row[column]) for column in COLUMNS) + " |"


def main() -> int:
    """Run what is chosen, print the table row by row, write the file."""
    size = Size(kills=number("KILLS", 200, 10_000), seed=number("SEED", 90, 10**9))
    names = chosen()
    found: list[dict[str, Any]] = []
    print(f"Seed {size.seed}. Mails by what became of them; see docs/faults.md for the columns.\n", flush=True)
    print("| " + " | ".join(COLUMNS.values()) + " |\n|" + " --- |" * len(COLUMNS), flush=True)
    for name in (name for name in names if name in SCENARIOS):
        with tempfile.TemporaryDirectory(prefix="roadmap-faults-") as folder:
            try:
                found.append(play(name, Path(folder), size).as_json())
                print(line(found[-1]), flush=True)
            except ERRORS as error:
                found.append({"scenario": name, "good": False, "error": f"{type(error).__name__}: {error}"[-3000:]})
                print(f"| {name} | could not be carried through: {found[-1]['error'][-300:]} |", flush=True)
    for name in (name for name in names if name in SIMULATIONS):
        found.append(simulated(name, size.seed))
        print(f"\n{name}: {found[-1]['said']} ({found[-1]['seconds']} s)", flush=True)
    target = Path(os.environ.get("ROADMAP_DATA") or ROOT / "var")
    target.mkdir(parents=True, exist_ok=True)
    whole = json.dumps({"seed": size.seed, "kills": size.kills, "scenarios": found}, indent=2)
    (target / "faults.json").write_text(whole + "\n", encoding="utf-8")
    bad = [row["scenario"] for row in found if not row["good"]]
    print(f"\n{len(found)} runs, {len(bad)} bad{': ' if bad else ''}{', '.join(bad)}. In {target / 'faults.json'}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
