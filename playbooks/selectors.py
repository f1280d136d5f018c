"""Finds the playbooks that come with the application. Must not change them: a program keeps its own copy of texts."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from playbooks.domain.playbook import Playbook, parse_playbook
from programs.models import Program
from programs.services import free_slug

RESERVED_SLUGS = ("new",)  # /programs/new/ is the launch form
DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=1)
def known_playbooks() -> Mapping[str, Playbook]:
    """Every playbook by slug, read once a process.

    Raises `FileFaultsError` when a file is malformed, with the place and the reason of every fault.
    """
    read = (parse_playbook(path.read_bytes()) for path in sorted(DATA.glob("*.yaml")))
    return MappingProxyType({playbook.template.slug: playbook for playbook in read})


def free_program_slug(name: str) -> str:
    """A slug for a program called `name` that no program has and no page of ours needs."""
    slug = free_slug(Program, name, 80)
    return free_slug(Program, f"{name} program", 80) if slug in RESERVED_SLUGS else slug
