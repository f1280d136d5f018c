"""`make faults`: simulations, then the crash harness again and again; a table, and `faults.json` in the data folder.

The simulations (round 0) kill nothing: Hypothesis looks longer, and random programs are rehearsed (PROGRAMS, SEED).
The folder is ROADMAP_DATA, `var/` by default. One round proves little about what depends on the instant of a kill:
ROUNDS says how often (default 5). Exit 1 when any lost or doubled something, or killed nothing at the moment that
matters.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import TypedDict

ROOT = Path(__file__).resolve().parent.parent
TESTS = "tests/reminders/faults"
MOST_ROUNDS = 1000


class Outcome(TypedDict):
    """One test of one round."""

    test: str
    seconds: float
    verdict: str
    message: str


def rounds() -> int:
    """Return how often to run. Errors: stops with one line naming the variable."""
    text = os.environ.get("ROUNDS", "5")
    if not text.isdigit() or not 0 < int(text) <= MOST_ROUNDS:
        raise SystemExit(f"ROUNDS: takes a number from 1 to {MOST_ROUNDS}")
    return int(text)


def one_round() -> list[Outcome]:
    """Run the harness once and read what pytest wrote down."""
    with tempfile.TemporaryDirectory(prefix="roadmap-faults-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", TESTS, "-q", f"--junitxml={report}"]
        subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
        cases = ElementTree.parse(report).iter("testcase")  # noqa: S314  (pytest wrote it a moment ago)
        return [_outcome(case) for case in cases]


def simulated() -> list[Outcome]:
    """The state machine, looking longer, and PROGRAMS random programs (default 50) from SEED on (default 1)."""
    programs, seed = os.environ.get("PROGRAMS", "50"), os.environ.get("SEED", "1")
    deep = {**os.environ, "REMINDER_MACHINE": "deep"}
    machine = [sys.executable, "-m", "pytest", "tests/reminders/test_machine.py", "-q", "-n", "0"]
    random = [sys.executable, "-m", "tests.rehearsal.simulate", "--programs", programs, "--seed", seed]
    return [
        _timed("any order of changes, failures and deaths", machine, deep),
        _timed(f"{programs} random programs from seed {seed}", random, dict(os.environ)),
    ]


def _timed(name: str, command: list[str], environment: dict[str, str]) -> Outcome:
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    print(done.stdout, flush=True)
    last = (done.stdout.strip().splitlines() or [done.stderr[-200:]])[-1]
    verdict = "failure" if done.returncode else "ok"
    return {"test": name, "seconds": time.monotonic() - began, "verdict": verdict, "message": last[:200]}


def _outcome(case: ElementTree.Element) -> Outcome:
    bad = next((child for child in case if child.tag in {"failure", "error", "skipped"}), None)
    name = re.sub("^test_", "", case.get("name", "")).replace("_", " ")
    message = "" if bad is None else bad.get("message", "").splitlines()[0][:200]
    verdict = "ok" if bad is None else bad.tag
    return {"test": name, "seconds": float(case.get("time", "0")), "verdict": verdict, "message": message}


def main() -> int:
    """Run all rounds, print the table, write the file."""
    found: list[list[Outcome]] = []
    number_of_rounds = rounds()
    for number in range(number_of_rounds + 1):
        found.append(one_round() if number else simulated())
        for row in sorted(found[-1], key=lambda row: row["test"]):
            words = f"{number:>4}  {row['verdict']:<8}{row['seconds']:>7.1f} s  {row['test']}  {row['message']}"
            print(words.rstrip(), flush=True)
    target = Path(os.environ.get("ROADMAP_DATA") or ROOT / "var")
    target.mkdir(parents=True, exist_ok=True)
    (target / "faults.json").write_text(json.dumps({"rounds": found}, indent=2) + "\n", encoding="utf-8")
    verdicts = [row["verdict"] for rows in found for row in rows]
    bad = sum(verdict in {"failure", "error"} for verdict in verdicts)
    print(f"{number_of_rounds} rounds, {len(verdicts)} runs, {bad} bad. Written to {target / 'faults.json'}")
    return 1 if bad or not verdicts else 0


if __name__ == "__main__":
    sys.exit(main())
