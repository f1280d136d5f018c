"""Nominating somebody, and the page a nominee's mail opens: read it, then accept or decline by pressing a button."""

from collections.abc import Mapping
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from core import clock
from core.errors import Invalid
from core.htmx import render_page
from dashboard.forms_ownership import AcceptForm, DeclineForm, NominateForm, active_people
from dashboard.selectors.owners import response_times
from ownership import policies
from ownership import services as ownership
from ownership.enums import Seat
from ownership.models import Nomination
from ownership.selectors import Book, get_program_for_nominee, load_book
from programs.models import OwnershipArea, Program, Role
from programs.querysets import visible_to
from programs.selectors import Cast, cast_of, get_program_for


@require_http_methods(["GET", "HEAD", "POST"])
def nominate(request: HttpRequest, slug: str, role_slug: str) -> HttpResponse:
    """Ask somebody to own a role with its areas, or to be its deputy; whoever sits there stays until they accept."""
    actor = cast(User, request.user)
    program = get_program_for(actor, slug)
    company = cast_of(program)
    role = _role(company, role_slug)
    policies.may_nominate(actor, company).require()
    seat = request.GET.get("seat", "owner")
    initial = {"seat": seat, "effective_from": clock.today(program.time_zone)}
    form = NominateForm(request.POST if request.method == "POST" else None, initial=initial, people=active_people())
    if form.is_bound and form.is_valid():
        values = {**form.cleaned_data, "seat": Seat(form.cleaned_data["seat"])}
        try:
            made = ownership.nominate(actor=actor, role=role, **values)
        except Invalid as fault:
            _blame(form, fault)
        else:
            messages.success(request, f"{made.person} is asked to accept.")
            return redirect("owners", slug=slug)
    book = load_book(program)
    context = {
        "program": program,
        "role": role,
        "form": form,
        "waiting": [*book.waiting(role, Seat.OWNER), *book.waiting(role, Seat.DEPUTY)],
    }
    return render_page(request, "dashboard/ownership/nominate.html", context, status=422 if form.is_bound else 200)


@require_POST
def withdraw(request: HttpRequest, slug: str, nomination_id: int) -> HttpResponse:
    """Take a nomination back."""
    actor = cast(User, request.user)
    program = get_program_for(actor, slug)
    nomination = get_object_or_404(Nomination.objects.select_related("program"), pk=nomination_id, program=program)
    ownership.withdraw(actor=actor, nomination=nomination)
    messages.success(request, "The nomination is withdrawn.")
    return redirect("owners", slug=slug)


@require_safe
def answer(request: HttpRequest, slug: str, role_slug: str) -> HttpResponse:
    """Show what somebody is asked to take over. Looking changes nothing: mail scanners open links."""
    return _show(request, slug, role_slug, {})


@require_POST
def accept(request: HttpRequest, slug: str, role_slug: str) -> HttpResponse:
    """Accept a seat in one's own words."""
    actor, _, role, seat = _asked(request, slug, role_slug)
    people = active_people() if seat is Seat.OWNER else []
    form = AcceptForm(request.POST, people=people, with_deputy=seat is Seat.OWNER)
    if form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "seat"}
        try:
            made = ownership.accept(actor=actor, role=role, seat=seat, **values)
        except Invalid as fault:
            _blame(form, fault)
        else:
            messages.success(request, "Thank you. Your acceptance is on record.")
            there = "owners" if made.taken_at else "ownership_answer"
            return redirect(there, slug) if made.taken_at else redirect(there, slug, role_slug)
    return _show(request, slug, role_slug, {"accept_form": form}, status=422)


@require_POST
def decline(request: HttpRequest, slug: str, role_slug: str) -> HttpResponse:
    """Decline a seat with a reason."""
    actor, _, role, seat = _asked(request, slug, role_slug)
    form = DeclineForm(request.POST)
    if form.is_valid():
        try:
            ownership.decline(actor=actor, role=role, seat=seat, reason=form.cleaned_data["reason"])
        except Invalid as fault:
            _blame(form, fault)
        else:
            messages.success(request, "Your answer is on record; the program manager will ask somebody else.")
            return redirect("my_work")
    return _show(request, slug, role_slug, {"decline_form": form}, status=422)


def _show(
    request: HttpRequest, slug: str, role_slug: str, bound: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    actor = cast(User, request.user)
    program = get_program_for_nominee(actor, slug)
    company = cast_of(program)
    role, book = _role(company, role_slug), load_book(program)
    seat = _seat(request, actor, role, book)
    nomination = next((n for n in book.waiting(role, seat) if n.person_id == actor.pk), None)
    may = policies.may_answer(actor, role, seat, nomination, company)
    accepted, coming = book.accepted(role, seat), book.coming.get((role.pk, seat.value))
    areas = list(OwnershipArea.objects.filter(role=role))
    today = clock.today(program.time_zone)
    day = max(nomination.effective_from, today) if nomination else today
    owner = seat is Seat.OWNER
    forms: dict[str, Any] = {}
    if may:
        initial = {"seat": seat.value, "effective_from": day, "deputy": role.deputy_id}
        people = active_people() if owner else []
        forms["accept_form"] = AcceptForm(initial=initial, people=people, with_deputy=owner)
        forms["decline_form"] = DeclineForm(initial={"seat": seat.value})
    context = {
        "program": program,
        "role": role,
        "seat": seat,
        "nomination": nomination,
        "there": role.holder if owner else role.deputy,
        "accepted": accepted if accepted and accepted.person_id == actor.pk else None,
        "coming": coming if coming and coming.person_id == actor.pk else None,
        "areas": [(area, response_times(area)) for area in areas],
        "unaccepted": [a for a in areas if (a.accepted_by_id if owner else a.deputy_accepted_by_id) != actor.pk],
        "may_answer": may,
        "member": visible_to(actor).filter(pk=program.pk).exists(),
        **forms,
        **bound,
    }
    return render_page(request, "dashboard/ownership/answer.html", context, status=status)


def _asked(request: HttpRequest, slug: str, role_slug: str) -> tuple[User, Program, Role, Seat]:
    """Who answers about what. A nominee without a part in the program gets in; who has neither right nor seat: 403."""
    actor = cast(User, request.user)
    program = get_program_for_nominee(actor, slug)
    company = cast_of(program)
    role, book = _role(company, role_slug), load_book(program)
    role.program = program
    seat = _seat(request, actor, role, book)
    known = Nomination.objects.filter(role=role, seat=seat, person=actor).first()
    policies.may_answer(actor, role, seat, known, company).require()
    return actor, program, role, seat


def _seat(request: HttpRequest, actor: User, role: Role, book: Book) -> Seat:
    """The seat that is meant: the form's or the link's, else the one the person is asked for or sits on."""
    named = request.POST.get("seat") or request.GET.get("seat")
    if named in set(Seat):
        return Seat(named)
    asked = any(n.person_id == actor.pk for n in book.waiting(role, Seat.DEPUTY))
    owner = any(n.person_id == actor.pk for n in book.waiting(role, Seat.OWNER)) or role.holder_id == actor.pk
    return Seat.DEPUTY if not owner and (asked or role.deputy_id == actor.pk) else Seat.OWNER


def _role(company: Cast, slug: str) -> Role:
    found = company.by_slug.get(slug)
    if found is None:
        raise Http404("No such role")
    found.program = company.program
    return found


def _blame(form: Any, fault: Invalid) -> None:
    form.add_error(fault.field if fault.field in form.fields else None, str(fault))
