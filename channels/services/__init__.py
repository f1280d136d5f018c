"""Writes of chats and webhooks, one subject a file."""
