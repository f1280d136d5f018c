"""Ways between the pages about reminders: each has one name, and each is found from where one would look."""

from tests.factories import sign_in, user

NAMES = {
    "/reminders/mine/": "Your reminders",
    "/profile/reminders/": "Fewer reminders",
    "/profile/calendars/": "Calendars",
    "/profile/mail/": "Mail to you",
}


def test_rule_8_the_profile_leads_to_every_page_by_its_name(db):
    client = sign_in(user("mia"))
    profile = client.get("/profile/").content.decode()
    assert '<a href="/profile/">Your profile</a>' in profile, "the menu calls the page as it calls itself"
    for address, name in NAMES.items():
        assert f'href="{address}"' in profile
        assert f"<h3>{name}</h3>" in profile
        assert f"<h1>{name}</h1>" in client.get(address).content.decode()


def test_rule_8_what_comes_and_what_may_be_fewer_lead_to_each_other(db):
    client = sign_in(user("mia"))
    assert 'href="/profile/reminders/">Fewer reminders</a>' in client.get("/reminders/mine/").content.decode()
    assert client.get("/profile/reminders/").content.decode().count('href="/reminders/mine/">Your reminders</a>') == 2
