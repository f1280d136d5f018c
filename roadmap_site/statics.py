"""Static files: collected (hashed, compressed) beside the rest of a start, and under which names pages ask for them.

Must not import the settings at import: the process that collects runs before they are read.
"""

import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from roadmap_site import env

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "staticfiles" / "staticfiles.json"


def collected() -> bool:
    """Whether the hashed files are there, or are said to be (`STATIC_HASHED`)."""
    return env.flag("STATIC_HASHED", default=MANIFEST.exists())


def storage() -> StaticFilesStorage:
    """The storage of static files, decided when it is first asked for: a first start collects until just before."""
    return CompressedManifestStaticFilesStorage() if collected() else StaticFilesStorage()


class Collecting:
    """Hash and compress the static files in a process of its own, when they changed since the last time.

    A folder that cannot be written is no fault: the files are then served as they lie, and `finish` says so. Until
    then nothing may ask for the address of a static file.
    """

    def __init__(self) -> None:
        newest = max((file.stat().st_mtime for file in (ROOT / "static").rglob("*")), default=0.0)
        self._process: subprocess.Popen[str] | None = None
        if MANIFEST.exists() and MANIFEST.stat().st_mtime > newest:
            return
        print("Preparing static files", flush=True)
        command = [sys.executable, str(ROOT / "manage.py"), "collectstatic", "--noinput", "--clear", "--verbosity", "0"]
        self._process = subprocess.Popen(  # noqa: S603  (our own command)
            command,
            env={**os.environ, "STATIC_HASHED": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finish(self) -> None:
        """Wait for the end; after a failure say in one line why the files are served as they lie. Twice is once."""
        process, self._process = self._process, None
        if process is None:
            return
        _, errors = process.communicate()
        if process.returncode:
            os.environ["STATIC_HASHED"] = "0"
            with suppress(OSError):
                MANIFEST.unlink(missing_ok=True)  # so that the next start tries again
            lines = errors.strip().splitlines()
            # A wrong variable is told once, in one line, by our own settings.
            if not (len(lines) == 1 and re.match(r"[A-Z_]+: ", lines[0])):
                print(f"Static files are served as they lie ({''.join(lines[-1:])})", flush=True)
