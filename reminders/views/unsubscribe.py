"""What the unsubscribe link of a mail opens (RFC 8058, P12): a page with a button, and the button's act.

Nobody needs to be signed in, and nothing here looks at who is. Opening changes nothing, since mail scanners open links;
only the one body that RFC 8058 names acts. Every key that opens nothing gets the same answer.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from reminders.domain.preferences import KEEPS, least
from reminders.domain.rule_words import purpose, title
from reminders.enums import Choice, RuleSlug
from reminders.selectors.preferences import fixed
from reminders.services.unsubscribing import ONE_CLICK, Opened, opened, stop


@csrf_exempt  # mail programs press this without a session; the key in the address is the secret
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, key: str) -> HttpResponse:
    """Show what the key stops and what it cannot; the one-click body stops it."""
    name, value = ONE_CLICK.split("=")
    pressed = request.method == "POST" and request.POST.get(name) == value
    found = stop(key) if pressed else opened(key)
    if found is None:
        return _guarded("reminders/unsubscribe_gone.html", {}, 404)
    status = 422 if request.method == "POST" and not pressed else 200
    return _guarded("reminders/unsubscribe.html", {**_words(found), "done": pressed}, status)


def _words(found: Opened) -> dict[str, object]:
    """What stops, what is left of it, and what always comes."""
    stops = [(title(rule), purpose(rule), _left(rule)) for rule in found.rules]
    return {"stops": stops, "fixed": fixed()}


def _left(rule: RuleSlug) -> str:
    return KEEPS[rule] if least(rule) is Choice.LAST else ""


def _guarded(template: str, context: dict[str, object], status: int) -> HttpResponse:
    """Render without the request, so that nothing of a session can show; kept out of caches, searches, referrers."""
    response = HttpResponse(render_to_string(template, context), status=status)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "private, no-store"
    return response
