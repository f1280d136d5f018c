"""Tables of ownership."""

from ownership.models.acceptance import Nomination, OwnershipAcceptance

__all__ = ["Nomination", "OwnershipAcceptance"]
