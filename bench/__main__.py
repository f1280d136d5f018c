"""`make bench`: run the steps, print one table, write `bench.json` to the data folder (`var/` by default).

On PostgreSQL where one can be started (see tests/servers.py), else on SQLite; the output says which. Read ratios:
absolute figures are of this machine at this moment. BENCH_SIZE=small is a quick look, full the promised sizes.
"""

import contextlib
import json
import os
import platform
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.exports import lines as exports_table
from bench.measure import over_loopback
from tests import servers

ROOT = Path(__file__).resolve().parents[1]
SIZES: dict[str, dict[str, Any]] = {
    "small": {"programs": [20, 200], "rows": 100_000, "mails": 200, "due": 4_000},
    "full": {"programs": [20, 200, 2000], "rows": 1_000_000, "mails": 1000, "due": 100_000},
}
SLOW_MS = (10, 20, 50)
"""How long mail servers take to write a mail down and say so, next door and over a network; further runs have such."""
GUNICORN = ["--worker-class=gthread", "--workers=2", "--threads=8", "--worker-tmp-dir=/dev/shm", "--no-control-socket"]


class Bench:
    """One run: where it keeps its data, which database, and what it found."""

    def __init__(self, size: str, folder: Path, postgres: servers.Postgres | None) -> None:
        self.size, self.folder, self.postgres = SIZES[size], folder, postgres
        self.found: dict[str, Any] = {"size": size, "database": "PostgreSQL" if postgres else "SQLite"}
        self.found["machine"] = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"

    def environment(self, name: str, **more: str) -> dict[str, str]:
        """Return what a production process sees; each `name` has a database of its own."""
        data = self.folder / name
        data.mkdir(exist_ok=True)
        own = {"ROADMAP_DATA": str(data), "SECRET_KEY": secrets.token_urlsafe(64), "LOG_LEVEL": "WARNING"}
        if self.postgres:
            own["DATABASE_URL"] = self.postgres.database(name)
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        return {**kept, **own, "DJANGO_SETTINGS_MODULE": "roadmap_site.settings", **more}

    def step(self, name: str, number: int, environment: dict[str, str]) -> dict[str, Any]:
        """Run one step of bench.steps. Errors: CalledProcessError, with its output on standard error."""
        started = time.monotonic()
        say(f"  {name} {number:,} ...")
        command = [sys.executable, "-m", "bench.steps", name, str(number)]
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        say(f"  {name} {number:,}: {time.monotonic() - started:.0f} s")
        result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return result

    def pages(self) -> None:
        """Measure the bare page and every size of portfolio, in process and through gunicorn over loopback."""
        bare = self.environment("bare") | {"DJANGO_SETTINGS_MODULE": "bench.bare"}
        self.found["bare"] = self.step("bare", 0, bare)["bare page"]
        with gunicorn("bench.bare:application", bare) as port:
            self.found["bare"]["loopback"] = over_loopback(port, "/", "", clients=1, times=300).as_json()
        self.found["pages"] = {}
        for programs in self.size["programs"]:
            environment = self.environment(f"pages_{programs}")
            result = self.step("pages", programs, environment)
            pages = result["pages"]
            with gunicorn("roadmap_site.wsgi:application", environment) as port:
                for name, path in result["paths"].items():
                    one = over_loopback(port, path, result["cookie"], clients=1, times=40)
                    eight = over_loopback(port, path, result["cookie"], clients=8, times=15)
                    pages[name] |= {"loopback": one.as_json(), "8 clients": eight.as_json()}
            self.found["pages"][str(programs)] = pages

    def engine(self) -> None:
        """Measure the tick over many rows and the sending of mails."""
        self.found["engine"] = self.step("engine", self.size["rows"], self.environment("engine"))
        with sink() as port:
            environment = self.environment("mails", EMAIL_URL=f"smtp://127.0.0.1:{port}")
            self.found["mails"] = self.step("mails", self.size["mails"], environment)
            environment = self.environment("deliveries", EMAIL_URL=f"smtp://127.0.0.1:{port}")
            self.found["deliveries"] = self.step("deliveries", self.size["due"], environment)
        self.found["deliveries slow"] = {}
        for wait in SLOW_MS:
            with sink(wait) as port:
                environment = self.environment(f"deliveries_{wait}", EMAIL_URL=f"smtp://127.0.0.1:{port}")
                found = self.step("deliveries", self.size["due"] // 5, environment)
            self.found["deliveries slow"][str(wait)] = found

    def readings(self) -> None:
        """Measure taking readings in, and pages over many of them."""
        self.found["readings"] = self.step("readings", self.size["rows"], self.environment("readings"))

    def exports(self) -> None:
        """Measure the executive page as files, and its poll."""
        self.found["exports"] = self.step("exports", 20, self.environment("exports"))


@contextlib.contextmanager
def gunicorn(application: str, environment: dict[str, str]) -> Iterator[int]:
    """Serve `application` as production does; yield its port once it answers."""
    port = servers.free_port()
    command = [sys.executable, "-m", "gunicorn", application, f"--bind=127.0.0.1:{port}", *GUNICORN]
    with running([*command, "--log-level=error"], environment):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)
        yield port


@contextlib.contextmanager
def sink(milliseconds: int = 0) -> Iterator[int]:
    """Run the mail sink, which answers after so many milliseconds; yield its port."""
    port = servers.free_port()
    command = [sys.executable, "-m", "bench.sink", str(port), str(milliseconds)]
    with running(command, dict(os.environ), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101  (asked for above)
        process.stdout.readline()
        yield port


@contextlib.contextmanager
def running(command: list[str], environment: dict[str, str], **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` for the time of the block."""
    process = subprocess.Popen(command, cwd=ROOT, env=environment, **options)
    try:
        yield process
    finally:
        process.terminate()
        process.communicate()


def table(found: dict[str, Any]) -> list[str]:
    """Return the lines of the table."""
    bare = found["bare"]
    lines = [f"Size {found['size']}, {found['database']}, {found['machine']}. Milliseconds unless said otherwise.", ""]
    head = f"{'page':<14}{'programs':>9}{'queries':>9}{'kB':>5}{'p50':>8}{'p95':>8}{'x bare':>8}"
    lines.append(head + f"{'served p50':>12}{'p95':>8}{'x bare':>8}{'8 clients p95':>15}")
    served = bare["loopback"]
    first = f"{'bare 20 kB':<14}{'':>9}{0:>9}{20:>5}{bare['p50']:>8.1f}{bare['p95']:>8.1f}{1:>8}"
    lines.append(first + f"{served['p50']:>12.1f}{served['p95']:>8.1f}{1:>8}")
    for programs, pages in found["pages"].items():
        for name, row in pages.items():
            one, many = row["loopback"], row["8 clients"]
            left = (
                f"{name:<14}{programs:>9}{row['queries']:>9}{row['kilobytes']:>5}{row['p50']:>8.1f}{row['p95']:>8.1f}"
            )
            right = f"{one['p50']:>12.1f}{one['p95']:>8.1f}{one['p50'] / served['p50']:>8.1f}{many['p95']:>15.1f}"
            lines.append(f"{left}{row['p50'] / bare['p50']:>8.1f}{right}")
    engine, mails = found["engine"], found["mails"]
    lines += ["", f"tick over {engine['planned rows']:,} planned reminders: p50 {engine['idle tick ms']['p50']} ms, "]
    lines[-1] += f"{engine['tick to scan']} times the bare index scan ({engine['index scan ms']['p50']} ms); "
    lines[-1] += f"{engine['rows a second inserted']:,} rows a second inserted"
    lines.append(
        f"mails: {mails['mails a second']} a second through the engine ({mails['kilobytes a mail']} kB, two parts), "
    )
    lines[-1] += f"smtplib alone with the same bytes {mails['smtplib a second']}: {mails['share of smtplib']} of it"
    return [
        *lines,
        deliveries_line(found["deliveries"], "at once"),
        *(deliveries_line(row, f"after {wait} ms") for wait, row in found["deliveries slow"].items()),
        *readings_table(found["readings"]),
        *exports_table(found["exports"]),
    ]


def deliveries_line(found: dict[str, Any], answers: str) -> str:
    """Return the line about many reminders due at once, and a mail server that answers so fast."""
    return (
        f"{found['reminders']:,} reminders due at once, two workers, a server that answers {answers}: "
        f"planned after {found['seconds until planned']} s, "
        f"{found['mails']:,} mails gone after {found['seconds in all']} s, {found['mails a second']} a second; two "
        f"plain smtplib senders {found['smtplib a second']}: {found['share of smtplib']} of it while sending, "
        f"{found['share with planning']} with planning and composing; a worker's memory "
        f"{found['worker MB after a third']} MB after a third, {found['worker MB at the end']} MB at the end"
    )


def readings_table(found: dict[str, Any]) -> list[str]:
    """Return the lines about readings: the rate beside a plain COPY, and pages at two sizes."""
    rate = found["ingestion"]
    line = f"readings: {rate['readings a second']:,} a second taken in, {rate['sent again a second']:,} when sent again"
    if "plain COPY a second" in rate:
        line += f"; plain COPY {rate['plain COPY a second']:,}: {rate['share of COPY']} of it"
    lines = [line]
    for size, pages in found["pages"].items():
        shown = (f"{name} {page['queries']} queries, p50 {page['p50']:.1f} ms" for name, page in pages.items())
        lines.append(f"with {size} readings: {'; '.join(shown)}")
    return lines


def say(line: str) -> None:
    """Print progress to standard error, so that the table stands alone on standard output."""
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    """Run everything and return 0; 2 for a size that does not exist."""
    size = os.environ.get("BENCH_SIZE", "full")
    if size not in SIZES:
        print(f"BENCH_SIZE: takes {' or '.join(SIZES)}", file=sys.stderr)
        return 2
    say(f"Benchmarks, size {size}")
    with tempfile.TemporaryDirectory(prefix="roadmap-bench-") as folder, contextlib.ExitStack() as stack:
        try:
            postgres = stack.enter_context(servers.postgres(durable=True))
        except servers.ServerMissing as missing:
            say(f"On SQLite. {missing}")
            postgres = None
        bench = Bench(size, Path(folder), postgres)
        bench.pages()
        bench.engine()
        bench.readings()
        bench.exports()
    print("\n".join(table(bench.found)))
    target = Path(os.environ.get("ROADMAP_DATA") or ROOT / "var")
    target.mkdir(parents=True, exist_ok=True)
    (target / "bench.json").write_text(json.dumps(bench.found, indent=2) + "\n", encoding="utf-8")
    print(f"\nWritten to {target / 'bench.json'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
