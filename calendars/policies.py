"""Who may subscribe to what, and who sets up invitations. Must not write."""

from accounts.models import User
from calendars.enums import FeedKind
from calendars.models import Feed
from core.decisions import ALLOWED, Decision, allowed_if, refused
from programs.policies import may_manage
from programs.querysets import visible_to
from programs.selectors import Cast, cast_of
from status_pages.policies import may_share, may_share_portfolio


def may_subscribe(actor: User, feed: Feed) -> Decision:
    """Read what a feed holds, asked when it is made and again at every fetch: a feed dies with its maker's right."""
    if not actor.is_active:
        return refused("The account is deactivated.")
    if feed.kind == FeedKind.MINE:
        return ALLOWED
    if feed.kind == FeedKind.STATUS and feed.program is not None:
        return may_share(actor, cast_of(feed.program))
    if feed.program is None:
        return may_share_portfolio(actor)
    visible = visible_to(actor).filter(pk=feed.program.pk).exists()
    return allowed_if(visible, "Only somebody with a role in this program follows its calendar.")


def may_revoke(actor: User, feed: Feed) -> Decision:
    """End a feed: who made it, who manages its program, an administrator."""
    if feed.made_by_id == actor.pk or actor.is_administrator:
        return ALLOWED
    if feed.program is not None:
        return may_manage(actor, cast_of(feed.program))
    return refused("Only who made this feed or an administrator may revoke it.")


def may_rotate(actor: User, feed: Feed) -> Decision:
    """Renew a feed's address: who made it, since it shows what they may see."""
    return allowed_if(feed.made_by_id == actor.pk, f"Only {feed.made_by} may renew the address; revoke it instead.")


def may_invite(actor: User, cast: Cast) -> Decision:
    """Switch invitations on and off, and set when and where a review is held: who manages the program."""
    return may_manage(actor, cast)


def may_time(actor: User, cast: Cast) -> Decision:
    """Set hour and place of a review; nothing changes in a program that is over or waits."""
    if not cast.program.is_active:
        return refused(f"This program is {cast.program.state}; nothing in it changes.")
    return may_manage(actor, cast)
