"""What may lie in the tree: no address of a package index, no path of somebody's machine, no file grown too long."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.architecture.test_layers import ROOT

LONGEST = 400
# Put together here, so that this file does not contain what it looks for.
HOSTS = re.compile(
    "|".join(["pypi" + r"\.org", "python" + r"hosted\.org", "registry" + r"\.npmjs", r"deb\.debian" + r"\.org"])
)
PATHS = re.compile(r"(^|[^A-Za-z0-9._-])/(farm|root|work/(main|steering)|home/[a-z]+|Users/[A-Za-z]+)/")


def tracked() -> list[Path]:
    """Return the files under version control that are there."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git working tree (an unpacked archive)")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def lines_matching(pattern: re.Pattern[str]) -> list[str]:
    """Name every line of a tracked text file that `pattern` finds."""
    found = []
    for file in tracked():
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if pattern.search(text):
            hits = [number for number, line in enumerate(text.splitlines(), 1) if pattern.search(line)]
            found += [f"{file.relative_to(ROOT)}:{number}" for number in hits]
    return found


def test_no_file_names_a_package_index() -> None:
    assert lines_matching(HOSTS) == []


def test_no_file_names_a_path_of_a_machine() -> None:
    assert lines_matching(PATHS) == []


def test_no_source_file_is_longer_than_400_lines() -> None:
    source = [file for file in tracked() if file.suffix in {".py", ".html"} and "migrations" not in file.parts]
    long = {str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines()) for file in source}
    assert {name: count for name, count in long.items() if count > LONGEST} == {}


@pytest.mark.parametrize(
    "line", ["see https://" + "pypi" + ".org/simple", "open('/" + "root/x')", "cd /" + "home/ann/project"]
)
def test_the_patterns_find_what_they_look_for(line: str) -> None:
    assert HOSTS.search(line) or PATHS.search(line)
