"""The hash under which the token of an address is kept."""

import hashlib
import hmac

import pytest
from django.conf import settings

from accounts.tokens import digest, new_token


@pytest.mark.parametrize("purpose", ["accounts.token", "status_pages.link", "calendars.feed"])
def test_a_hash_stays_what_it_was_so_that_addresses_given_out_go_on_opening(purpose: str) -> None:
    token = new_token()
    key = purpose.encode() + b"." + settings.SECRET_KEY.encode()
    assert digest(token, purpose) == hmac.new(key, token.encode(), hashlib.sha256).hexdigest()


def test_a_token_for_one_purpose_opens_nothing_of_another() -> None:
    assert len({digest("t", purpose) for purpose in ("accounts.token", "status_pages.link", "calendars.feed")}) == 3
    assert digest("t") == digest("t", "accounts.token")
