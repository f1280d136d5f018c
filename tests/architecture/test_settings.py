"""Settings: safe in production or no start at all (P26); nonsense is one line that names the variable."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.test_layers import ROOT

PRODUCTION = {
    "DATABASE_URL": "postgresql://roadmap@db.example.org/roadmap",
    "REDIS_URL": "redis://redis.example.org/0",
    "EMAIL_URL": "smtp+tls://mail.example.org:587",
    "SITE_URL": "https://roadmap.example.org",
    "SECRET_KEY": "9f" * 20 + "-of-a-test-" + "Xy4" * 8,
    "BEHIND_PROXY": "1",
}


def run(arguments: list[str], data: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the project with nothing but `variables` set."""
    environment = {"PATH": os.environ["PATH"], "ROADMAP_DATA": str(data), **variables}
    environment |= {"DJANGO_SETTINGS_MODULE": "roadmap_site.settings"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_p26_deploy_check_of_production_settings_is_clean(tmp_path: Path) -> None:
    done = run(["manage.py", "check", "--deploy", "--fail-level", "WARNING"], tmp_path, **PRODUCTION)
    assert (done.returncode, done.stdout.strip()) == (0, "System check identified no issues (0 silenced)."), done.stderr


def test_embedded_start_needs_no_variable(tmp_path: Path) -> None:
    done = run(["-c", "from django.conf import settings; print(settings.DEBUG, settings.ALLOWED_HOSTS)"], tmp_path)
    assert done.stdout.split(" ", 1)[0] == "False", done.stderr
    assert "*" not in done.stdout


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://somewhere/db"),
        ("DATABASE_URL", "postgresql://host:port/db"),
        ("DATABASE_URL", "postgresql://host"),
        ("REDIS_URL", "http://redis"),
        ("EMAIL_URL", "mail.example.org"),
        ("SITE_URL", "roadmap.example.org"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", ""),
        ("SECRET_KEY_FILE", "/does/not/exist"),
        ("DEBUG", "1"),
        ("DEBUG", "perhaps"),
        ("ALLOWED_HOSTS", "*"),
        ("ROADMAP_NOW", "yesterday"),
        ("ROADMAP_NOW", "2026-10-12T06:00:00+00:00"),
        ("ROADMAP_SPEED", "fast"),
        ("ROADMAP_DATA", "/proc/nowhere"),
        ("BEHIND_PROXY", "maybe"),
    ],
)
def test_p26_nonsense_stops_the_start_with_one_line_naming_the_variable(name: str, value: str, tmp_path: Path) -> None:
    variables = {**PRODUCTION, name: value}
    if name == "SECRET_KEY_FILE":
        del variables["SECRET_KEY"]
    done = run(["-c", "import roadmap_site.settings"], tmp_path, **variables)
    assert done.returncode == 1
    assert re.fullmatch(rf"{name}: \S.*\n", done.stderr), done.stderr
