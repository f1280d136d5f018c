"""Tokens in addresses: 256 random bits for the person, a keyed hash for the database.

Whoever reads the database cannot use what is stored there. Must not decide what a token opens.
"""

import hashlib
import hmac
import secrets

from django.conf import settings

_LONGEST = 100  # characters; anything longer was not made here and is not worth hashing


def new_token() -> str:
    """Return 256 bits of randomness in a form that fits an address (43 characters)."""
    return secrets.token_urlsafe(32)


def digest(token: str, purpose: str = "accounts.token") -> str:
    """Return the keyed SHA-256 (hex) under which `token` is stored and looked up; other for each purpose."""
    key = f"{purpose}.{settings.SECRET_KEY}".encode()
    return hmac.new(key, token[:_LONGEST].encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
