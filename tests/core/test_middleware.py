"""What services refuse becomes an answer people can read; htmx never swaps a sign-in page into a row."""

import pytest
from django.contrib.messages.storage.base import BaseStorage
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import RequestFactory

from core.errors import Conflict, Invalid, NotAllowed
from core.htmx import go, render_page, toast
from core.middleware import HtmxLoginMiddleware, ServiceErrorMiddleware


def _request(*, htmx: bool = False) -> HttpRequest:
    request = RequestFactory().get("/", headers={"HX-Request": "true"} if htmx else {})
    request.session = SessionStore()
    storage: BaseStorage = CookieStorage(request)
    request._messages = storage  # type: ignore[attr-defined]  # what the middleware of Django sets
    return request


def _answer(error: Exception) -> HttpResponse | None:
    return ServiceErrorMiddleware(lambda request: HttpResponse()).process_exception(_request(), error)


def test_refusal_is_403_with_every_reason() -> None:
    answer = _answer(NotAllowed(("Only the sponsor decides.", "Ask Ines.")))
    assert answer is not None
    assert answer.status_code == 403
    assert b"Only the sponsor decides." in answer.content
    assert b"Ask Ines." in answer.content


def test_lost_race_is_409_with_what_is_there_now() -> None:
    answer = _answer(Conflict("Somebody was first.", current="holder Ines"))
    assert answer is not None
    assert answer.status_code == 409
    assert b"holder Ines" in answer.content


@pytest.mark.parametrize(
    ("page", "link"), [("http://testserver/programs/a/", "/programs/a/"), ("https://evil.example/", 'href="/"')]
)
def test_409_leads_back_to_our_own_page_only(page: str, link: str) -> None:
    request = _request()
    request.META["HTTP_REFERER"] = page
    middleware = ServiceErrorMiddleware(lambda request: HttpResponse())
    answer = middleware.process_exception(request, Conflict("Somebody was first."))
    assert answer is not None
    assert link in answer.content.decode()
    assert "evil" not in answer.content.decode()


def test_invalid_input_is_422_and_unknown_errors_stay_errors() -> None:
    answer = _answer(Invalid("That day has passed."))
    assert answer is not None
    assert answer.status_code == 422
    assert b"That day has passed." in answer.content
    assert _answer(ValueError("a bug")) is None


def test_reasons_are_escaped() -> None:
    answer = _answer(NotAllowed(("<script>alert(1)</script>",)))
    assert answer is not None
    assert b"<script>alert" not in answer.content


def test_htmx_gets_a_redirect_header_when_the_session_ended() -> None:
    middleware = HtmxLoginMiddleware(lambda request: HttpResponseRedirect("/accounts/login/?next=/work/"))
    answer = middleware(_request(htmx=True))
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/accounts/login/?next=/work/"
    assert middleware(_request()).status_code == 302


def test_other_redirects_of_htmx_pass() -> None:
    middleware = HtmxLoginMiddleware(lambda request: HttpResponseRedirect("/work/"))
    assert middleware(_request(htmx=True)).status_code == 302


def test_go_redirects_plain_forms_and_tells_htmx_by_header() -> None:
    assert go(_request(), "/work/")["Location"] == "/work/"
    answer = go(_request(htmx=True), "/work/")
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/work/")


def test_toast_stays_ascii_and_pages_vary_on_htmx() -> None:
    assert toast(HttpResponse(), "Fertig, Güney")["HX-Trigger"].isascii()
    assert "HX-Request" in render_page(_request(), "422.html", {"message": "x"})["Vary"]
