"""The dated plan as plain text, for the command line. Must not compute anything the plan does not hold."""

from datetime import date

from playbooks.domain.plan import LaunchPlan, Placed

_AREA_GAP = {"vacant-area": "nobody owns it", "no-deputy": "no deputy"}


def plan_text(plan: LaunchPlan, slug: str, *, launched: bool) -> str:
    """The plan from top to bottom: frame, events, criteria and tasks by date, what moved and why, gaps."""
    spec = plan.spec.program
    template = plan.playbook.template
    lines = [
        f"{spec.name} ({slug}): {'launched' if launched else 'dry run, nothing saved'}",
        f"Day 1 is {_day(spec.start_date)}, day {plan.playbook.last_day} is {_day(plan.end_date)}. Tier {plan.tier}. "
        f"Time zone {spec.time_zone}. Playbook {template.slug}, version {template.version}.",
        "",
        "Phases",
        *(f"  {_day(item.start)} to {_day(item.end)}  {item.definition.name}" for item in plan.phases),
        "",
        "Gates and checkpoints",
        *(_row(item.due, item.definition.slug, item.definition.name) for item in plan.events),
        "",
        "Criteria by due date",
        *(
            _row(
                item.due,
                item.definition.slug,
                f"{item.level.value}, {item.definition.owner}" if item.applicable else item.not_applicable_reason,
            )
            for item in sorted(plan.criteria, key=lambda each: each.due.day)
        ),
        "",
        "Tasks by due date",
        *(
            _row(item.due, item.definition.slug, item.definition.owner)
            for item in sorted(plan.tasks, key=lambda each: each.due.day)
        ),
        "",
        "After day 90",
        *(_row(item.first, item.definition.slug, item.definition.repeats.note) for item in plan.governance),
        "",
        f"Gaps: {len(plan.gaps) or 'none'}",
        *(
            f"  {gap.area_name}: {_AREA_GAP[gap.kind]} ({gap.role_name})" if gap.area else f"  {gap.role_name}: nobody"
            for gap in plan.gaps
        ),
        "",
        "Counts: " + ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in plan.counts().items()),
    ]
    return "\n".join(lines)


def _row(placed: Placed, slug: str, note: str) -> str:
    moved = f"  (moved from {_day(placed.nominal)}: {placed.why_moved})" if placed.moved_from else ""
    return f"  {_day(placed.on)}  day {placed.day:>3}  {slug:<26} {note}{moved}"


def _day(on: date) -> str:
    return on.strftime("%a %Y-%m-%d")
