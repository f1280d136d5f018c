"""The secret key: given by the operator in production, made once and kept in the data folder when embedded."""

import contextlib
import os
import secrets
from pathlib import Path

from roadmap_site import env


def secret_key(data: Path, *, production: bool) -> str:
    """Return the key that signs sessions and links.

    Errors: stops the start when production has none or a short one. Side effect: when embedded, writes
    `keys/secret_key` (mode 0600) on the first start.
    """
    given = env.text("SECRET_KEY")
    if given:
        if production and len(given) < 50:
            env.fail("SECRET_KEY", "takes 50 random characters or more in production")
        return given
    if production:
        env.fail("SECRET_KEY", "must be set in production (or SECRET_KEY_FILE), 50 random characters or more")
    return _kept(data / "keys" / "secret_key")


def _kept(file: Path) -> str:
    """Return the kept key, made whole before it is visible: two processes may start at the same moment."""
    try:
        file.parent.mkdir(mode=0o700, exist_ok=True)
        if not file.exists():
            draft = file.with_name(f"{file.name}.{os.getpid()}")
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as stream:
                stream.write(secrets.token_urlsafe(64))
            with contextlib.suppress(FileExistsError):
                os.link(draft, file)
            draft.unlink()
        return file.read_text(encoding="ascii").strip()
    except OSError as error:
        env.fail("ROADMAP_DATA", f"takes a folder that can be written ({error.strerror}: {file})")
