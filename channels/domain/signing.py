"""Standard Webhooks: the three headers of a signed post. Pure; nothing is kept here.

The signature covers id, time and body, so that a receiver knows who sent it, that nobody changed it and that it is
not an old one played again. While a secret is being renewed the post carries a signature by each.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable

PREFIX = "whsec_"
SECRET_BYTES = 32


def as_secret(key: bytes) -> str:
    """A key as people copy it: `whsec_` and base64."""
    return PREFIX + base64.b64encode(key).decode("ascii")


def signed_headers(number: str, at: int, body: bytes, secrets: Iterable[str]) -> dict[str, str]:
    """The headers for `body` posted as `number` at the Unix second `at`, signed by each of `secrets`."""
    signatures = " ".join(_signature(number, at, body, secret) for secret in secrets)
    return {"webhook-id": number, "webhook-timestamp": str(at), "webhook-signature": signatures}


def _signature(number: str, at: int, body: bytes, secret: str) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = b".".join((number.encode(), str(at).encode(), body))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode("ascii")
