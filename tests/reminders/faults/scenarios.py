"""The faults that the engine must survive, each on an installation of its own with real processes (P1, P2, P4, P7).

Every scenario is bounded, draws from a seeded generator, and ends only the processes it started. `make faults` runs
them at full size and prints the table; the small ones in `test_crashes.py` run with the tests.
"""

import json
import random
import sqlite3
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from tests import servers
from tests.reminders.faults.installation import Installation
from tests.reminders.faults.verdict import Verdict, posix, verdict
from tests.reminders.faults.weather import Weather, sink

LEASE_SECONDS = 300
PATIENCE_SECONDS = 2 * LEASE_SECONDS + 120
MANAGER = "manager@example.org"


@dataclass(frozen=True)
class Size:
    """How much of it: kills in the long run, mails per scenario, and the seed of every draw."""

    kills: int = 200
    mails: int = 600
    seed: int = 90


@dataclass
class Run:
    """One scenario at work: where, how big, and what was done to it."""

    name: str
    folder: Path
    size: Size
    random: random.Random
    started: float
    faults: int = 0
    last_fault: float = 0.0

    def fault(self) -> None:
        """Note that something was broken just now."""
        self.faults += 1
        self.last_fault = posix()

    def result(self, installation: Installation, due: int) -> Verdict:
        """Compare the books."""
        last = self.last_fault or posix()
        seconds = time.monotonic() - self.started
        return verdict(self.name, installation, due=due, faults=self.faults, last_fault=last, seconds=seconds)


def settled(installation: Installation, mails: int) -> None:
    """Wait until every mail is sent or refused and none waits any more: more may follow from a refusal.

    Errors: AssertionError when that takes far longer than leases and retries.
    """
    deadline, states = time.monotonic() + PATIENCE_SECONDS, {}
    while time.monotonic() < deadline:
        states = installation.report()["mails"]
        open_ = states.get("queued", 0) + states.get("leased", 0)
        if not open_ and states.get("sent", 0) + states.get("dead", 0) >= mails:
            return
        time.sleep(2)
    raise AssertionError(f"after {PATIENCE_SECONDS} s: {states}")


def kills(run: Run) -> Verdict:
    """SIGKILL of workers and beat at random points, PostgreSQL and Redis underneath."""
    mails = 25 * run.size.kills
    with servers.postgres(durable=True) as database, servers.redis() as broker, sink(delay=0.05) as server:
        made = Installation(run.folder, server, database.database("kills"), broker.url)
        try:
            made.seed(mails)
            workers, beat = [made.worker() for _ in range(4)], made.beat(0)
            made.until(lambda: len(server.handler.accepted) > 0, "the first mail")
            for number in range(1, run.size.kills + 1):
                time.sleep(run.random.uniform(0.3, 3.0))
                if run.random.random() < 0.2:
                    made.kill(beat)
                    beat = made.beat(number)
                else:
                    made.kill(workers.pop(run.random.randrange(4)))
                    workers.append(made.worker())
                run.fault()
            settled(made, mails)
            return run.result(made, mails)
        finally:
            made.stop()


def broken_broker(run: Run) -> Verdict:
    """Redis killed and started again, and emptied, while two workers send."""
    with servers.postgres(durable=True) as database, servers.redis() as broker, sink(delay=0.05) as server:
        made = Installation(run.folder, server, database.database("broker"), broker.url)
        try:
            made.seed(run.size.mails)
            made.beat(0)
            made.worker()
            made.worker()
            made.until(lambda: len(server.handler.accepted) > 0, "the first mail")
            for number in range(10):
                time.sleep(run.random.uniform(0.5, 3.0))
                if number % 2:
                    broker.ask("FLUSHALL")
                else:
                    broker.kill()
                    time.sleep(run.random.uniform(0.1, 2.0))
                    broker.start()
                run.fault()
            settled(made, run.size.mails)
            return run.result(made, run.size.mails)
        finally:
            made.stop()


def broken_database(run: Run) -> Verdict:
    """PostgreSQL stopped at once, without a checkpoint, and started again, while two workers send."""
    with servers.postgres(durable=True) as database, servers.redis() as broker, sink(delay=0.05) as server:
        made = Installation(run.folder, server, database.database("database"), broker.url)
        try:
            made.seed(run.size.mails)
            made.beat(0)
            made.worker()
            made.worker()
            made.until(lambda: len(server.handler.accepted) > 0, "the first mail")
            for _ in range(10):
                time.sleep(run.random.uniform(0.5, 3.0))
                database.stop(immediate=True)
                time.sleep(run.random.uniform(0.1, 1.0))
                database.start()
                run.fault()
            settled(made, run.size.mails)
            return run.result(made, run.size.mails)
        finally:
            made.stop()


def bad_weather(run: Run) -> Verdict:
    """A mail server that answers 421, 451 and 550, hangs, and cuts the line after DATA; two engines on SQLite."""
    nobody = frozenset(f"person{n}@example.org" for n in range(0, run.size.mails, 20))
    weather = Weather(busy=0.02, later=0.1, cut=0.05, hang=0.01, refused=nobody)
    with sink(weather, seed=run.size.seed) as server:
        made = Installation(run.folder, server)
        try:
            made.seed(run.size.mails)
            made.engine()
            made.engine()
            settled(made, run.size.mails)
            # Waiting longer after each answer is what the engine promises, so only silence after it would be late.
            run.faults, run.last_fault = sum(weather.happened.values()), posix()
            # What was due to people whose address the server refused is handed on to the program manager.
            handed_on = {
                raw.split(b"Message-ID:")[1].split()[0] for to, raw in server.handler.accepted if MANAGER in to
            }
            found = run.result(made, run.size.mails + len(handed_on))
            wrong = abs(found.refused - len(nobody)) + (not handed_on)
            return replace(found, lost=found.lost + wrong)
        finally:
            made.stop()


def crowd(run: Run) -> Verdict:
    """Two beats and ten workers at once, where one of each would do."""
    with servers.postgres(durable=True) as database, servers.redis() as broker, sink(delay=0.05) as server:
        made = Installation(run.folder, server, database.database("crowd"), broker.url)
        try:
            made.seed(run.size.mails)
            for number in range(2):
                made.beat(number)
            for _ in range(10):
                made.worker()
                run.fault()
            made.until(lambda: len(server.handler.accepted) > 0, "the first mail")
            settled(made, run.size.mails)
            return run.result(made, run.size.mails)
        finally:
            made.stop()


def full_disk(run: Run) -> Verdict:
    """No byte fits on the disk any more while the application keeps its own mailbox; then there is room again.

    The limit is one on the size of files: the next page of the database cannot be written.
    """
    made = Installation(run.folder)
    try:
        made.seed(run.size.mails)
        database = run.folder / "roadmap90.sqlite3"
        for spare in (40_000, 400_000, 1_200_000):
            process = made.engine(most_bytes=database.stat().st_size + spare)
            made.until(lambda: "failed" in made.log(), "a failed pass")
            made.kill(process)
            (run.folder / "processes.log").write_text("")
            run.fault()
        made.engine()
        settled(made, run.size.mails)
        with sqlite3.connect(database) as connection:
            kept = [row[0] for row in connection.execute("SELECT message_id FROM reminders_mailboxmessage")]
        with sink() as book:  # the mailbox is this installation's mail server: its rows are what was accepted
            book.handler.accepted.extend(([], f"Message-ID: {key}\r\n\r\n".encode()) for key in kept)
            made.sink = book
            return run.result(made, run.size.mails)
    finally:
        made.stop()


def jumping_clock(run: Run) -> Verdict:
    """Both changes of daylight saving in four zones, with a clock that is once behind and once ahead by an hour."""
    with sink(delay=0) as server:
        made = Installation(run.folder, server)
        said = json.loads(made.python("-m", "tests.reminders.faults.clocks", "96"))
        run.faults = 2 * 5
        found = run.result(made, said["due"])
        return replace(found, lost=found.lost + said["missing"], late=said["wrong_hour"], recovery=0.0)


SCENARIOS: dict[str, Callable[[Run], Verdict]] = {
    "kills": kills,
    "broker": broken_broker,
    "database": broken_database,
    "weather": bad_weather,
    "crowd": crowd,
    "disk": full_disk,
    "clock": jumping_clock,
}
"""What `make faults` runs, by the names that its ONLY takes."""

ERRORS = (AssertionError, subprocess.SubprocessError, OSError, servers.ServerMissing)


def play(name: str, folder: Path, size: Size) -> Verdict:
    """Run one scenario in an empty folder. Errors: those in ERRORS, when it could not be carried through."""
    run = Run(name, folder, size, random.Random(size.seed), time.monotonic())
    return SCENARIOS[name](run)
