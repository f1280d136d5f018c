"""Make `.venv` and install the hash-locked dependencies; a second run sees that nothing changed and is done.

Runs with the machine's own Python, so it must not import anything outside the standard library and must still
be readable by older versions, which it turns away with one clear line. Usage: environment.py runtime|dev
"""

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCKS = {"runtime": ROOT / "requirements.txt", "dev": ROOT / "requirements-dev.txt"}
PYTHON = VENV / "bin" / "python"


def main(kind: str) -> None:
    """Bring `.venv` up to the lock of `kind`. Exit 1 with one line when the machine lacks something."""
    if sys.version_info < (3, 11):  # noqa: UP036  (older ones do run this file: they get the line below)
        stop("Python 3.11 or newer is needed, this is {}.{}; try: make PYTHON=python3.11".format(*sys.version_info))
    if stamped(kind):
        return
    create()
    # The dev lock holds everything of the runtime lock, at the same versions. What the stamps will say is read before
    # pip reads the locks: one that changes in between (a checkout, a merge) must be installed again.
    stamps = {done: wanted(done) for done in (("runtime", "dev") if kind == "dev" else ("runtime",))}
    install(kind)
    for done, text in stamps.items():
        stamp(done).write_text(text)
    print(f"  .venv is ready ({kind})", flush=True)


def wanted(kind: str) -> str:
    """Return what the stamp of a finished installation says: the lock's content and the Python it is for."""
    digest = hashlib.sha256(LOCKS[kind].read_bytes()).hexdigest()
    return "{} python{}.{}\n".format(digest, *sys.version_info)


def stamp(kind: str) -> Path:
    """Return the file that remembers a finished installation."""
    return VENV / f"installed-{kind}"


def stamped(kind: str) -> bool:
    """Say whether the installation is the wanted one and its Python still runs."""
    try:
        return stamp(kind).read_text() == wanted(kind) and runs()
    except OSError:
        return False


def runs() -> bool:
    """Say whether `.venv` has a working Python with pip, of the version that was asked for."""
    asked = "import pip, sys; sys.exit(sys.version_info[:2] != ({}, {}))".format(*sys.version_info)
    try:
        return subprocess.run([str(PYTHON), "-c", asked], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def create() -> None:
    """Make the environment, or make it anew when its Python is gone (an upgraded or moved machine)."""
    if runs():
        return
    try:
        import ensurepip  # noqa: F401, PLC0415  (some systems ship Python without it; that is the question here)
        import venv  # noqa: PLC0415  (as above)
    except ImportError:
        stop("this Python has no venv or ensurepip; install the package python3-venv and repeat")
    print("Making .venv", flush=True)
    try:
        venv.create(VENV, clear=True, with_pip=True, symlinks=True)
    except (OSError, subprocess.CalledProcessError) as error:
        stop(f"cannot make {VENV}: {error}")


def install(kind: str) -> None:
    """Install from the lock, one line of progress per package."""
    lock = LOCKS[kind]
    total = sum("==" in line and not line.startswith((" ", "#")) for line in lock.read_text().splitlines())
    print(f"Installing {total} packages from {lock.name}; this takes a minute or two the first time", flush=True)
    command = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--no-input",
        "--disable-pip-version-check",
    ]
    command += ["--progress-bar", "off", "--root-user-action", "ignore", "-r", str(lock)]
    pip = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    seen = 0
    last: list[str] = []
    with pip:
        for line in pip.stdout or ():
            last = [*last[-14:], line]
            if line.startswith(("Collecting ", "Processing ", "Requirement already satisfied: ")):
                seen += 1
                name = line.split(": ")[-1].removeprefix("Collecting ").removeprefix("Processing ").split()[0]
                print(f"  [{seen}/{total}] {name.rpartition('/')[2]}", flush=True)
            elif line.startswith("Installing collected"):
                print("  unpacking", flush=True)
    if pip.returncode:
        sys.stdout.write("".join(last))
        stop(f"installing from {lock.name} failed, see above; the first time needs the network")


def stop(line: str) -> None:
    """End with one line."""
    sys.stderr.write(f"setup: {line}\n")
    sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1] if sys.argv[1:] else "dev")
