"""Renew both lock files from pyproject.toml: hashes, no index address, no path of the machine."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = ["--generate-hashes", "--allow-unsafe", "--strip-extras", "--quiet"]
OPTIONS += ["--no-emit-index-url", "--no-emit-trusted-host", "--no-emit-find-links"]


def compile_lock(target: str, *extra: str) -> None:
    """Write one lock file. Errors: CalledProcessError when the versions do not fit together."""
    command = [
        sys.executable,
        "-m",
        "piptools",
        "compile",
        *OPTIONS,
        *extra,
        "--output-file",
        target,
        "pyproject.toml",
    ]
    environment = {**os.environ, "CUSTOM_COMPILE_COMMAND": "make lock"}
    print(f"Writing {target}", flush=True)
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


if __name__ == "__main__":
    compile_lock("requirements.txt", *sys.argv[1:])
    compile_lock("requirements-dev.txt", "--extra", "dev", "--constraint", "requirements.txt", *sys.argv[1:])
