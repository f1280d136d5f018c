"""`make check`: every static check, two at a time, one line each; what failed is shown in full at the end.

Runs on a throw-away data folder, so that it neither needs nor touches the installation's data.
"""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
TOOLS = Path(PYTHON).parent
MANAGE = [PYTHON, "manage.py"]
STEPS: dict[str, list[str]] = {
    "types (mypy)": [PYTHON, "-m", "mypy"],
    "format (ruff)": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "lint (ruff)": [PYTHON, "-m", "ruff", "check", "."],
    "import contracts": [str(TOOLS / "lint-imports")],
    "templates (djlint)": [PYTHON, "-m", "djlint", "templates", "--lint", "--quiet"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "deploy check": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
}


def environment(data: str, step: str) -> dict[str, str]:
    """Return a clean environment; the deploy check sees what a production installation would set."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")
    clean = {name: os.environ[name] for name in kept if name in os.environ}
    clean |= {"ROADMAP_DATA": data, "DJANGO_SETTINGS_MODULE": "roadmap_site.settings"}
    if step == "deploy check":
        clean |= {
            "DATABASE_URL": "postgresql://roadmap@db.example.org/roadmap",
            "REDIS_URL": "redis://redis.example.org/0",
            "EMAIL_URL": "smtp+tls://mail.example.org:587",
            "SITE_URL": "https://roadmap.example.org",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "BEHIND_PROXY": "1",
        }
    return clean


def run(step: str, data: str) -> tuple[str, int, str]:
    """Run one step; print its line; return its name, exit code and output."""
    started = time.monotonic()
    done = subprocess.run(
        STEPS[step], cwd=ROOT, env=environment(data, step), capture_output=True, text=True, check=False
    )
    verdict = "ok" if done.returncode == 0 else "FAILED"
    print(f"  {verdict:6} {step} ({time.monotonic() - started:.1f} s)", flush=True)
    return step, done.returncode, done.stdout + done.stderr


def main() -> int:
    """Run all steps and return 1 when any failed."""
    print(f"Checking {len(STEPS)} things", flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="roadmap-check-") as data,
        ThreadPoolExecutor(max_workers=2) as pool,
    ):
        results = list(pool.map(lambda step: run(step, data), STEPS))
    failed = [(step, output) for step, code, output in results if code]
    for step, output in failed:
        print(f"\n== {step}\n{output.rstrip()}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
