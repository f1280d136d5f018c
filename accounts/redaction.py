"""Keeps one-time tokens, which stand in addresses, out of the log (ASVS 14.2.1). Must not import Django."""

import logging
import re

_TOKEN = re.compile(
    r"(/(?:invitations|sign-in|accounts/confirm-email|accounts/password/reset/key|s|r|u|calendar)/)[^/\s]+"
)


def redact(text: str) -> str:
    """Return `text` with the token of every such address replaced."""
    return _TOKEN.sub(r"\1[token]", text)


class TokenFilter(logging.Filter):
    """Rewrites a record's text arguments; lets every record through."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact the message and its arguments in place."""
        record.msg = redact(str(record.msg))
        if isinstance(record.args, tuple):
            record.args = tuple(redact(part) if isinstance(part, str) else part for part in record.args)
        return True
