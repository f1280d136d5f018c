"""Everything that changes people. Each function is one transaction, checks its policy and records what it did.

Must not render pages and must not know programs: roles of a deactivated person become gaps through the selectors of
the apps above, which hear of it from `activity`.
"""

from accounts.services.absences import add_absence, remove_absence
from accounts.services.invitations import Invited, accept_invitation, invite, resend_invitation, revoke_invitation
from accounts.services.links import create_administrator, sign_in_link, use_sign_in_link
from accounts.services.people import (
    deactivate_user,
    ensure_person,
    reactivate_user,
    set_administrator,
    set_executive_viewer,
)
from accounts.services.profile import change_profile, end_sessions, note_email_changed, note_password_changed

__all__ = [
    "Invited",
    "accept_invitation",
    "add_absence",
    "change_profile",
    "create_administrator",
    "deactivate_user",
    "end_sessions",
    "ensure_person",
    "invite",
    "note_email_changed",
    "note_password_changed",
    "reactivate_user",
    "remove_absence",
    "resend_invitation",
    "revoke_invitation",
    "set_administrator",
    "set_executive_viewer",
    "sign_in_link",
    "use_sign_in_link",
]
