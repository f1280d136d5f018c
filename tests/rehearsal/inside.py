"""The inside of `simulate`: one throw-away database, one random program after the other; run as a program of its own.

`python -m tests.rehearsal.inside SEED PROGRAMS`.
"""

import datetime as dt
import shutil
import sys
import time
from collections import Counter
from pathlib import Path

import django

django.setup()

from django.db import connection  # noqa: E402 - as above

from rehearsal.services.stage import set_up  # noqa: E402 - models need the set-up above
from tests.naive import DAY  # noqa: E402 - as above
from tests.rehearsal.live import live  # noqa: E402 - as above
from tests.rehearsal.random_program import RandomProgram, draw  # noqa: E402 - as above
from tests.rehearsal.recompute import recompute  # noqa: E402 - as above
from tests.rehearsal.simulate import broken, compared  # noqa: E402 - as above

TAIL = 8 * DAY
"""How long a program is watched after day 90."""


def main(seeds: range) -> int:
    """Rehearse the programs of the seeds, each on an empty database; a line for each, its faults below it."""
    set_up()
    file = Path(str(connection.settings_dict["NAME"]))
    connection.close()
    empty = file.with_name("empty")
    shutil.copy(file, empty)
    bad, mails = 0, 0
    for seed in seeds:
        for beside in file.parent.glob(f"{file.name}-*"):
            beside.unlink()
        shutil.copy(empty, file)
        count, faults = _one(draw(seed))
        mails, bad = mails + count, bad + bool(faults)
    print(f"{len(seeds)} programs, {mails} mails, {bad} with faults")
    return 1 if bad else 0


def _one(program: RandomProgram) -> tuple[int, list[str]]:
    began = time.monotonic()
    until = dt.datetime.combine(program.start + 90 * DAY + TAIL, dt.time(12), dt.UTC)
    letters = live(program, until)
    connection.close()
    faults = [*compared(letters, recompute(program, until)), *broken(program, letters)]
    rules = Counter(rule for _, _, _, _, items in letters for _, rule in items)
    where = f"{program.days.country} {program.days.subdivision or ''} {program.zone}"
    print(
        f"{program.seed:>5}  {'FAULT' if faults else 'ok':<6}{program.start}  {where:<36}{len(letters):>5} mails"
        f"{sum(rules.values()):>6} reminders of {len(rules)} rules{time.monotonic() - began:>7.1f} s",
        flush=True,
    )
    for fault in faults[:12]:
        print(f"       {fault}", flush=True)
    return len(letters), faults


if __name__ == "__main__":
    sys.exit(main(range(int(sys.argv[1]), int(sys.argv[1]) + int(sys.argv[2]))))
