"""Four people for the pages of this app: anonymous, a stranger, a member and the administrator in charge."""

import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.models import User

PASSWORD = "a long enough pass phrase"


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    """Make a person who has come in: a password and a proven address."""

    def make(email: str, **fields: object) -> User:
        fields.setdefault("name", email.split("@")[0].title())
        user = User.objects.create_user(email, PASSWORD, **fields)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user

    return make


@pytest.fixture
def admin(make_user: Callable[..., User]) -> User:
    """The one in charge of the installation."""
    return make_user("ada@example.org", is_administrator=True, time_zone="Europe/London")


@pytest.fixture
def member(make_user: Callable[..., User]) -> User:
    """Somebody with an account and no installation-wide right."""
    return make_user("mia@example.org", time_zone="Europe/Berlin")


@pytest.fixture
def as_admin(admin: User) -> Client:
    """A browser in which the administrator is signed in."""
    return _signed_in(admin)


@pytest.fixture
def as_member(member: User) -> Client:
    """A browser in which the member is signed in."""
    return _signed_in(member)


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def link_in_mail(django_capture_on_commit_callbacks: Callable[..., object]) -> Callable[[], str]:
    """Return the path of the one link into the application that the newest mail carries."""

    def find() -> str:
        found = re.findall(r"https?://[^/\s]+(/\S+)", str(mail.outbox[-1].body))
        assert len(found) == 1, mail.outbox[-1].body
        return found[0]

    return find
