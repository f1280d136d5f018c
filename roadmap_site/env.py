"""Reads the environment. A wrong value stops the start with one line naming the variable and what it takes.

Must not import Django: it is read before settings exist.
"""

import datetime as dt
import os
import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import NoReturn
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

SHORTEST_SECRET = 16
"""Characters of a password that the outside world may guess at."""


def fail(name: str, takes: str) -> NoReturn:
    """Stop the process with one line."""
    raise SystemExit(f"{name}: {takes}")


def text(name: str, default: str = "") -> str:
    """Return the variable, or the content of the file that `NAME_FILE` points to, or the default (blank is unset)."""
    file = os.environ.get(f"{name}_FILE")
    if file and os.environ.get(name):
        fail(name, f"set either {name} or {name}_FILE, not both")
    if not file:
        return os.environ.get(name, "").strip() or default
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        fail(f"{name}_FILE", f"takes the path of a readable file ({error.strerror}: {file})")


def flag(name: str, *, default: bool = False) -> bool:
    """Return a switch: 1/true/yes/on or 0/false/no/off."""
    value = os.environ.get(name, "").strip().lower()
    if value == "":
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    fail(name, "takes 1 or 0")


def choice(name: str, default: str, known: tuple[str, ...]) -> str:
    """Return one of the known words, whatever its case."""
    value = os.environ.get(name, "").strip().upper() or default
    if value not in known:
        fail(name, f"takes one of {', '.join(known)}")
    return value


def number(name: str, default: float, *, lowest: float, highest: float) -> float:
    """Return a number inside the given range."""
    value = os.environ.get(name, "").strip()
    try:
        parsed = float(value) if value else default
    except ValueError:
        fail(name, f"takes a number from {lowest:g} to {highest:g}")
    if not lowest <= parsed <= highest:
        fail(name, f"takes a number from {lowest:g} to {highest:g}")
    return parsed


def names(name: str) -> list[str]:
    """Return a comma-separated list without blanks."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


def instant(name: str) -> dt.datetime | None:
    """Return an ISO 8601 instant with offset as UTC, or None when unset."""
    value = os.environ.get(name, "").strip()
    if not value:
        return None
    try:
        parsed = dt.datetime.fromisoformat(value)
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is None:
        fail(name, "takes an ISO instant with offset, such as 2026-10-12T06:00:00+00:00")
    return parsed.astimezone(dt.UTC)


def folder(name: str, default: Path) -> Path:
    """Return a writable folder, made when missing."""
    path = Path(os.environ.get(name, "") or default).expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(name, f"takes a folder that can be made and written ({error.strerror}: {path})")
    if not os.access(path, os.W_OK):
        fail(name, f"takes a folder that can be made and written (not writable: {path})")
    return path


def url(name: str, schemes: tuple[str, ...], takes: str) -> SplitResult | None:
    """Return the parts of an address with one of `schemes`, or None when unset."""
    value = text(name)
    if not value:
        return None
    try:
        parts = urlsplit(value)
        _ = parts.port  # a port that is no number raises here
    except ValueError:
        fail(name, takes)
    if parts.scheme not in schemes:
        fail(name, takes)
    return parts


def database(default: Path) -> dict[str, object]:
    """Return Django's database settings: PostgreSQL from `DATABASE_URL`, else the SQLite file `default`.

    SQLite: WAL, IMMEDIATE transactions (deferred ones fail with "database is locked" as soon as two processes
    read and then write) and synchronous=FULL (NORMAL may lose the last commits when the power goes).
    """
    takes = "takes postgresql://user:password@host:port/name or sqlite:///path"
    parts = url("DATABASE_URL", ("postgres", "postgresql", "sqlite"), takes)
    if parts is None or parts.scheme == "sqlite":
        path = Path(unquote(parts.path)) if parts else default
        if parts and not parts.path.strip("/"):
            fail("DATABASE_URL", takes)
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path,
            # Opening the file, and the last one to close it, cost more than most pages ask of it.
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                "timeout": 30,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    query = parse_qs(parts.query)
    host = (query.get("host") or [unquote(parts.hostname or "")])[0]
    if not parts.path.strip("/"):
        fail("DATABASE_URL", takes)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or text("DATABASE_PASSWORD")),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # A server that is gone without a word is given up on, so that a page or /readyz answers with the reason.
        "OPTIONS": {"connect_timeout": 4, "tcp_user_timeout": 10_000},
    }


def mail() -> dict[str, object] | None:
    """Return SMTP settings from `EMAIL_URL`, or None when mail stays in the app's own mailbox."""
    takes = "takes smtp://user:password@host:port, smtp+tls://... (STARTTLS) or smtps://... (TLS from the start)"
    parts = url("EMAIL_URL", ("smtp", "smtp+tls", "smtps"), takes)
    if parts is None:
        return None
    if not parts.hostname:
        fail("EMAIL_URL", takes)
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or ports[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or text("EMAIL_PASSWORD")),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


MAIL_PROVIDERS = {
    "brevo": "",
    "mailersend": "MAILERSEND_SIGNING_SECRET",
    "mailgun": "MAILGUN_WEBHOOK_SIGNING_KEY",
    "mailjet": "",
    "mailtrap": "MAILTRAP_TRACKING_SECRET",
    "mandrill": "MANDRILL_WEBHOOK_KEY",
    "postmark": "",
    "sendgrid": "",
    "sparkpost": "",
    "unisender_go": "UNISENDER_GO_API_KEY",
}
"""The providers whose reports are read, each with the name under which anymail wants the key that signs them."""
_UNSIGNED_TOO = {"mailtrap"}


def mail_hook() -> tuple[str, str, dict[str, str]]:
    """Return the mail provider that reports, its secret (`user:password`) and anymail's settings; empty for none."""
    provider, secret, key = (text(f"MAIL_WEBHOOK_{part}") for part in ("PROVIDER", "SECRET", "SIGNING_KEY"))
    if not provider and not secret and not key:
        return "", "", {}
    if provider not in MAIL_PROVIDERS:
        fail("MAIL_WEBHOOK_PROVIDER", f"takes one of {', '.join(MAIL_PROVIDERS)}, together with MAIL_WEBHOOK_SECRET")
    user, _, password = secret.partition(":")
    if not user or len(password) < SHORTEST_SECRET or not secret.isascii():
        fail("MAIL_WEBHOOK_SECRET", f"takes user:password, the password of {SHORTEST_SECRET} characters or more")
    name = MAIL_PROVIDERS[provider]
    if name and not key and provider not in _UNSIGNED_TOO:
        fail("MAIL_WEBHOOK_SIGNING_KEY", f"takes the key with which {provider} signs its reports")
    if key and (not name or not key.isascii()):
        fail("MAIL_WEBHOOK_SIGNING_KEY", f"takes a key of a provider that signs; of {provider} none is known")
    return provider, secret, {"WEBHOOK_SECRET": secret} | ({name: key} if key else {})


def hosts(name: str) -> list[str]:
    """Return host names, each with a port if one was given, in lower case."""
    found = [host.lower() for host in names(name)]
    for host in found:
        if not re.fullmatch(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?", host):
            fail(name, "takes host names separated by commas, each with :port if it is not the usual one")
    return found


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Return address ranges such as 10.20.0.0/16."""
    try:
        return [ip_network(part) for part in names(name)]
    except ValueError:
        fail(name, "takes address ranges such as 10.20.0.0/16, separated by commas")
