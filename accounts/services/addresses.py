"""Renews and revokes secret addresses: the part that share links and feeds have in common.

The caller has asked its policy, holds the row locked, and records what was done. A token is returned once and kept
nowhere.
"""

from accounts.models import SecretAddress
from accounts.tokens import digest, new_token
from core import clock
from core.errors import Conflict


def renew(row: SecretAddress, purpose: str, what: str) -> str:
    """Give a locked row a new token and return it; the old one ends with the next request.

    `what` names the row to people ("link"). Errors: Conflict (revoked meanwhile).
    """
    if row.revoked_at is not None:
        raise Conflict(f"This {what} was revoked a moment ago.", current="revoked")
    token = new_token()
    row.token_hash, row.generation = digest(token, purpose), row.generation + 1
    row.save(update_fields=["token_hash", "generation"])
    return token


def revoke(row: SecretAddress) -> bool:
    """End a locked row with the next request; False when it had ended before."""
    if row.revoked_at is not None:
        return False
    row.revoked_at = clock.now()
    row.save(update_fields=["revoked_at"])
    return True
