"""Which refusals are the same trouble: the words of mail servers without what differs from mail to mail. Pure."""

import hashlib
import re
from functools import lru_cache

_ADDRESS = re.compile(r"<?[^\s<>@]+@[^\s<>@]+>?")
# Queue ids, process numbers, times: anything of six signs or more with a digit in it. Codes such as 5.1.1 stay.
_NUMBERED = re.compile(r"\b(?=[\w-]*\d)[\w-]{6,}\b")


def alike(reason: str) -> str:
    """The reason with addresses and ids left out; two mails that failed alike have the same one."""
    return _NUMBERED.sub("…", _ADDRESS.sub("(address)", reason))


@lru_cache(maxsize=4096)
def group_key(reason: str) -> str:
    """A short name of the group for addresses of pages: 16 hex digits."""
    return hashlib.sha256(alike(reason).encode()).hexdigest()[:16]
