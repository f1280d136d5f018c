"""Static files are collected beside the rest of a start: neither hides how the other went (P24)."""

import os
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

from roadmap_site import serve, statics

FAILS = "import sys; sys.exit('Traceback\\nOSError: the disk is full')"
WRONG_VARIABLE = "import sys; sys.exit('LOG_LEVEL: takes one of DEBUG, INFO')"
WORKS = "from pathlib import Path; Path('staticfiles/staticfiles.json').write_text('{}')"


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation of one static file, in which `manage.py` does what a test wants; collected a long time ago."""
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "app.css").touch()
    manifest = tmp_path / "staticfiles" / "staticfiles.json"
    manifest.parent.mkdir()
    manifest.touch()
    os.utime(manifest, (0, 0))
    monkeypatch.setattr(statics, "ROOT", tmp_path)
    monkeypatch.setattr(statics, "MANIFEST", manifest)
    monkeypatch.setenv("STATIC_HASHED", "")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_collected_files_have_hashed_names_and_are_not_collected_again(
    install: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (install / "manage.py").write_text(WORKS)
    collecting = statics.Collecting()
    collecting.finish()
    assert isinstance(statics.storage(), ManifestStaticFilesStorage)
    (install / "manage.py").write_text(FAILS)
    statics.Collecting().finish()
    assert capfd.readouterr() == ("Preparing static files\n", "")


def test_a_failure_is_one_line_and_the_files_are_served_as_they_lie(
    install: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (install / "manage.py").write_text(FAILS)
    collecting = statics.Collecting()
    collecting.finish()
    collecting.finish()
    said = "Preparing static files\nStatic files are served as they lie (OSError: the disk is full)\n"
    assert capfd.readouterr() == (said, "")
    assert not isinstance(statics.storage(), ManifestStaticFilesStorage)
    assert not (install / "staticfiles" / "staticfiles.json").exists()


def test_a_start_that_fails_meanwhile_tells_both(
    install: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise RuntimeError("the database")

    (install / "manage.py").write_text(FAILS)
    monkeypatch.setattr(serve.django, "setup", broken)
    monkeypatch.setattr(serve, "_listen", lambda host, port: None)
    monkeypatch.setenv("PORT", "8000")
    with pytest.raises(RuntimeError, match="the database"):
        serve.main()
    assert "(OSError: the disk is full)" in capfd.readouterr().out


def test_a_wrong_variable_is_left_to_the_settings(install: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (install / "manage.py").write_text(WRONG_VARIABLE)
    statics.Collecting().finish()
    assert capfd.readouterr().out == "Preparing static files\n"
