"""Forms of chats and webhooks: parse what people typed. Must not write or decide rights."""

import uuid
from typing import Any

from django import forms

from channels.enums import CHOOSABLE, Kind, Topic
from channels.models import Channel
from channels.services.managing import ChannelInput


class ChannelForm(forms.Form):
    """A channel; the address is write-only, so an existing one is kept when the field stays empty."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label="Name",
        max_length=80,
        help_text="By which people know it, such as the name of the chat.",
        error_messages={"required": "Give it a name by which people know it."},
    )
    kind = forms.ChoiceField(
        label="What it is",
        choices=[(kind.value, kind.label) for kind in Kind],
        help_text="Where to get its address is said below.",
    )
    url = forms.CharField(
        label="Address to post to",
        max_length=1000,
        required=False,
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    topics = forms.MultipleChoiceField(
        label="What is posted",
        choices=[(topic.value, topic.label) for topic in CHOOSABLE],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one thing that is posted."},
    )

    def __init__(self, *args: Any, channel: Channel | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "channel_%s")
        super().__init__(*args, **kwargs)
        self.channel = channel
        if channel is None:
            self.fields["key"].initial = uuid.uuid4().hex
            self.fields["topics"].initial = [topic.value for topic in CHOOSABLE]
            self.fields["url"].required = True
            self.fields["url"].error_messages["required"] = "Enter the address to post to."
            self.fields["url"].help_text = "It is a secret: nobody sees it again after this, you neither."
            return
        del self.fields["kind"]
        self.fields["url"].help_text = f"Empty keeps the one there is ({channel.shown})."
        known = {"name": channel.name, "topics": channel.topics, "version": channel.version}
        for name, value in known.items():
            self.fields[name].initial = value

    def wanted(self) -> ChannelInput:
        """Return what was typed as the service takes it."""
        data = self.cleaned_data
        kind = Kind(self.channel.kind) if self.channel else Kind(data["kind"])
        return ChannelInput(data["name"], kind, data["url"], data["topics"])

    def typed(self) -> str:
        """What was typed, for the card that shows both sides of a lost race; never the address."""
        told = ", ".join(topic.label for topic in Topic if topic in self.cleaned_data["topics"])
        other = "another address, " if self.cleaned_data["url"] else ""
        return f"{self.cleaned_data['name']}, {other}told of: {told}"


class TestForm(forms.Form):
    """Asks for a test message once."""

    key = forms.CharField(max_length=40)
