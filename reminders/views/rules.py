"""The reminder rules of one program: all of them in words, and one to change, with a preview before it is saved."""

from collections.abc import Mapping
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from core import clock
from core.errors import Conflict, Invalid
from core.htmx import go, render_page
from programs.models import Program
from programs.selectors import cast_of, get_program_for
from reminders.domain.rules import Rule
from reminders.domain.tuning import version_of
from reminders.enums import RuleSlug
from reminders.forms_rules import RuleForm, values_of
from reminders.policies import may_change_rules
from reminders.selectors.tuning import default_of, difference, rule_row, rule_rows, rules_of
from reminders.services.tuning import change_rule, says

DAYS = 30


@require_safe
def rules(request: HttpRequest, slug: str) -> HttpResponse:
    """Show every rule of the program in words: who is told, and when."""
    actor = cast(User, request.user)
    program = get_program_for(actor, slug)
    context = {
        "program": program,
        "tab": "reminders",
        "rows": rule_rows(program),
        "may_change": may_change_rules(actor, cast_of(program)),
    }
    return render_page(request, "reminders/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, slug: str, rule_slug: str) -> HttpResponse:
    """Change one rule: first the preview, nothing saved; the button under it saves.

    `step` says which button was pressed: `save`, `edit` (back to the fields), `defaults` (preview the playbook's
    numbers); anything else asks for the preview.
    """
    actor = cast(User, request.user)
    program = get_program_for(actor, slug)
    chosen = _chosen(rule_slug)
    may_change_rules(actor, cast_of(program)).require()
    today = rules_of(program)
    now, default = today[chosen], default_of(chosen)
    if request.method != "POST":
        return _draw(request, program, RuleForm(now=now, default=default, initial={"version": version_of(now)}))
    step = request.POST.get("step", "")
    sent: Any = request.POST
    if step == "defaults":
        sent = {**_plain(values_of(default)), "version": request.POST.get("version", "")}
    form = RuleForm(sent, now=now, default=default)
    if not form.is_valid():
        return _draw(request, program, form, status=422)
    if step == "edit":
        return _draw(request, program, form)
    if step != "save":
        return _preview(request, program, today, form)
    try:
        change_rule(actor=actor, program=program, wanted=form.wanted(), version=form.cleaned_data["version"])
    except Invalid as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _draw(request, program, form, status=422)
    except Conflict as error:
        card = {"message": str(error), "current": error.current, "mine": says(form.wanted())}
        fresh = RuleForm(now=rules_of(program)[chosen], default=default, initial={**values_of(form.wanted())})
        fresh.initial["version"] = version_of(rules_of(program)[chosen])
        return _draw(request, program, fresh, status=409, conflict=card)
    messages.success(request, "Saved. What waits is planned anew with the next pass.")
    return go(request, reverse("reminder_rules", args=[program.slug]))


def _chosen(word: str) -> RuleSlug:
    """The rule of an address. Errors: Http404 for a word that is none, or a rule with nothing to change."""
    if word not in set(RuleSlug):
        raise Http404("No such rule")
    chosen = RuleSlug(word)
    if rule_row(default_of(chosen)).shape.fixed:
        raise Http404("Nothing to change")
    return chosen


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Values of a rule as a browser would send them: an unticked box and an empty field are not there."""
    return {name: value for name, value in values.items() if value is not None and value is not False}


def _draw(request: HttpRequest, program: Program, form: RuleForm, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"program": program, "tab": "reminders", "row": rule_row(form.now), "form": form, **more}
    return render_page(request, "reminders/rule.html", {**context, "here": request.path}, status=status)


def _preview(request: HttpRequest, program: Program, today: Mapping[RuleSlug, Rule], form: RuleForm) -> HttpResponse:
    wanted = form.wanted()
    kept = {**_plain(values_of(wanted)), "version": form.cleaned_data["version"]}
    context = {
        "program": program,
        "tab": "reminders",
        "row": rule_row(form.now),
        "wanted": rule_row(wanted),
        "before": says(form.now),
        "after": says(wanted),
        "unchanged": says(form.now) == says(wanted),
        "kept": [(name, value) for name, value in kept.items() if name in form.fields],
        "diff": difference(program, today, wanted, clock.now(), days=DAYS),
        "span": DAYS,
        "here": request.path,
    }
    return render_page(request, "reminders/rule_preview.html", context)
