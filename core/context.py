"""What belongs to the request at hand and is too far away to be handed down: its id. Must stay this small."""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
