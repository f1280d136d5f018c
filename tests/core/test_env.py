"""A wrong value stops the start with one line that names the variable and what it takes."""

from pathlib import Path

import pytest

from roadmap_site import env
from roadmap_site.keys import secret_key


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("DEBUG", "maybe", lambda: env.flag("DEBUG")),
        ("LOG_LEVEL", "loud", lambda: env.choice("LOG_LEVEL", "INFO", ("INFO", "ERROR"))),
        ("ROADMAP_SPEED", "fast", lambda: env.number("ROADMAP_SPEED", 1, lowest=0, highest=9)),
        ("ROADMAP_SPEED", "10", lambda: env.number("ROADMAP_SPEED", 1, lowest=0, highest=9)),
        ("ROADMAP_NOW", "2026-10-12T06:00:00", lambda: env.instant("ROADMAP_NOW")),
        ("ROADMAP_NOW", "tomorrow", lambda: env.instant("ROADMAP_NOW")),
        ("DATABASE_URL", "mysql://x/y", lambda: env.database(Path("db"))),
        ("DATABASE_URL", "postgresql://host/", lambda: env.database(Path("db"))),
        ("DATABASE_URL", "postgresql://host:port/x", lambda: env.database(Path("db"))),
        ("EMAIL_URL", "http://mail", lambda: env.mail()),
        ("EMAIL_URL", "smtp://", lambda: env.mail()),
        ("EMAIL_URL", "smtp://host:none", lambda: env.mail()),
        ("MAIL_WEBHOOK_PROVIDER", "pigeon", lambda: env.mail_hook()),
        ("WEBHOOK_ALLOWED_HOSTS", "https://chat.local", lambda: env.hosts("WEBHOOK_ALLOWED_HOSTS")),
        ("WEBHOOK_ALLOWED_NETWORKS", "10.0.0.1/8", lambda: env.networks("WEBHOOK_ALLOWED_NETWORKS")),
        ("SITE_URL", "roadmap", lambda: env.url("SITE_URL", ("http", "https"), "takes http://host")),
    ],
)
def test_p26_nonsense_is_refused_in_one_line_naming_the_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, read: object
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as stopped:
        read()  # type: ignore[operator]  # a lambda of the table above
    line = str(stopped.value)
    assert line.startswith(f"{name}: takes")
    assert "\n" not in line


def test_secret_may_come_from_a_file_but_not_from_both(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("from a file\n")
    monkeypatch.setenv("SECRET_KEY_FILE", str(file))
    monkeypatch.delenv("SECRET_KEY", raising=False)
    assert env.text("SECRET_KEY") == "from a file"
    monkeypatch.setenv("SECRET_KEY", "given")
    with pytest.raises(SystemExit, match="not both"):
        env.text("SECRET_KEY")


def test_missing_secret_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "none"))
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with pytest.raises(SystemExit, match=r"SECRET_KEY_FILE: takes the path of a readable file"):
        env.text("SECRET_KEY")


def test_embedded_key_is_made_once_and_kept_private(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    first = secret_key(tmp_path, production=False)
    assert len(first) >= 50
    assert secret_key(tmp_path, production=False) == first
    assert (tmp_path / "keys" / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("given", ["", "short"])
def test_p26_production_refuses_a_missing_or_short_key(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: str
) -> None:
    monkeypatch.setenv("SECRET_KEY", given)
    with pytest.raises(SystemExit, match=r"^SECRET_KEY: "):
        secret_key(tmp_path, production=True)


def test_mail_address_is_read_with_port_and_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://me%40x:p%2Fw@mail.example.com")
    settings = env.mail()
    assert settings is not None
    assert settings["EMAIL_PORT"] == 587
    assert settings["EMAIL_USE_TLS"] is True
    assert (settings["EMAIL_HOST_USER"], settings["EMAIL_HOST_PASSWORD"]) == ("me@x", "p/w")


def test_sqlite_is_opened_so_that_writers_do_not_collide(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    database = env.database(tmp_path / "db.sqlite3")
    options = database["OPTIONS"]
    assert isinstance(options, dict)
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in options["init_command"]
    assert "journal_mode=WAL" in options["init_command"]


@pytest.mark.parametrize(
    ("given", "at_fault"),
    [
        ({"SECRET": "u:" + "p" * 16}, "PROVIDER"),
        ({"PROVIDER": "postmark"}, "SECRET"),
        ({"PROVIDER": "postmark", "SECRET": "no-colon-" + "p" * 16}, "SECRET"),
        ({"PROVIDER": "postmark", "SECRET": "u:short"}, "SECRET"),
        ({"PROVIDER": "mailgun", "SECRET": "u:" + "p" * 16}, "SIGNING_KEY"),
        ({"PROVIDER": "postmark", "SECRET": "u:" + "p" * 16, "SIGNING_KEY": "k"}, "SIGNING_KEY"),
    ],
)
def test_p26_the_settings_of_a_mail_hook_stand_or_fall_together(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: dict[str, str], at_fault: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"MAIL_WEBHOOK_{name}", value)
    with pytest.raises(SystemExit, match=rf"^MAIL_WEBHOOK_{at_fault}: takes"):
        env.mail_hook()
    secret = tmp_path / "secret"
    secret.write_text("u:" + "p" * 16)
    for name in given:
        monkeypatch.delenv(f"MAIL_WEBHOOK_{name}")
    assert env.mail_hook() == ("", "", {})
    monkeypatch.setenv("MAIL_WEBHOOK_PROVIDER", "mailgun")
    monkeypatch.setenv("MAIL_WEBHOOK_SECRET_FILE", str(secret))
    monkeypatch.setenv("MAIL_WEBHOOK_SIGNING_KEY", "key")
    assert env.mail_hook()[2] == {"WEBHOOK_SECRET": "u:" + "p" * 16, "MAILGUN_WEBHOOK_SIGNING_KEY": "key"}
