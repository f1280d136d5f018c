"""Finds the playbooks that come with the application, and what the launch form can fill in by itself.

Must not change a playbook: a program keeps its own copy of all texts.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from django.db.models import Exists, OuterRef, Q

from accounts.managers import clean_email
from accounts.models import User
from playbooks.domain.faults import Path as FaultPath
from playbooks.domain.places import country_of_zone
from playbooks.domain.playbook import Playbook, parse_playbook
from playbooks.domain.spec import LaunchSpec, check_spec
from playbooks.domain.story import Story
from playbooks.domain.yamltree import Tree, read_tree
from programs.models import Portfolio, Program, Role
from programs.querysets import visible_to
from programs.services import free_slug

RESERVED_SLUGS = ("new",)  # /programs/new/ is the launch form
DATA = Path(__file__).parent / "data"
EXAMPLES = Path(__file__).parent / "examples"


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


def default_playbook() -> Playbook:
    """The playbook the launch form uses: the first by slug."""
    return next(iter(known_playbooks().values()))


def known_names(emails: Iterable[str]) -> dict[str, str]:
    """The people among `emails` who have an account: name (may be empty) by address in lower case (one query)."""
    known = User.objects.filter(email__in=[clean_email(email) for email in emails])
    return {user.email: user.name for user in known}


def people_to_offer(actor: User, limit: int = 200) -> list[User]:
    """Active people for the form's suggestions, newest first (one query).

    Administrators get everybody, others only people of the programs they see: the list of people is not theirs.
    """
    people = User.objects.filter(is_active=True)
    if not actor.is_administrator:
        shared = Role.objects.filter(Q(holder=OuterRef("pk")) | Q(deputy=OuterRef("pk")), program__in=visible_to(actor))
        people = people.filter(Exists(shared))
    return list(people.only("email", "name").order_by("-pk")[:limit])


def portfolio_names() -> list[str]:
    """Names of the portfolios there are, for the form's suggestions (one query)."""
    return list(Portfolio.objects.values_list("name", flat=True)[:100])


def launch_defaults(actor: User, today: dt.date) -> dict[str, object]:
    """What the form opens with: the newest program's place and portfolio, else the actor's own zone; next Monday."""
    latest = visible_to(actor).order_by("-pk").first()
    manages = {"program-manager_email": actor.email, "program-manager_name": actor.name}
    return {
        "start_date": today + dt.timedelta(days=7 - today.weekday()),
        "portfolio": latest.portfolio.name if latest else "AI portfolio",
        "country": latest.country if latest else country_of_zone(actor.time_zone),
        "subdivision": latest.subdivision if latest else "",
        "time_zone": latest.time_zone if latest else actor.time_zone,
        "weekend": latest.weekend if latest else [5, 6],
        **manages,
    }


def example_files() -> list[tuple[LaunchSpec, Story]]:
    """The example programs: specification and story of each. Errors: FileFaultsError for a malformed file."""
    found = []
    for path in sorted(EXAMPLES.glob("*.yaml")):
        tree = read_tree(path.read_bytes())
        spec = check_spec(Tree(tree.data["spec"], _below(tree, "spec")), known_playbooks())
        found.append((spec, Story.model_validate(tree.data["story"])))
    return found


def _below(tree: Tree, key: str) -> dict[FaultPath, int]:
    return {path[1:]: line for path, line in tree.lines.items() if path[:1] == (key,)}
