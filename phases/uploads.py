"""Keeps an oversized upload from filling the disk before anybody has looked at it. Must not decide more than size.

Django writes every uploaded file to the temporary folder while it parses the form, long before a view runs. This
handler, first in `FILE_UPLOAD_HANDLERS`, lets no more through than one evidence file may have and remembers the
true size, so that the form can say what is wrong with everything typed still in it (P21).
"""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class CappedUploadHandler(FileUploadHandler):
    """Passes chunks on until the limit for one file is crossed; then swallows the rest and answers for the file."""

    chunk_size = 64 * 2**10

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin counting for one more file."""
        super().new_file(*args, **kwargs)
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Hand the chunk on while the file is small enough."""
        self.seen += len(raw_data)
        return raw_data if self.seen <= settings.EVIDENCE_MAX_BYTES else None

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        """Leave a file of fair size to the next handler; stand in for one that is too large."""
        if self.seen <= settings.EVIDENCE_MAX_BYTES:
            return None
        return UploadedFile(file=BytesIO(), name=self.file_name, content_type=self.content_type, size=self.seen)
