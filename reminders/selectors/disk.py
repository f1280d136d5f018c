"""Whether the data folder can take more: read from the operating system, not from the database."""

import os
import shutil
from dataclasses import dataclass

from django.conf import settings

LOW_BYTES = 200 * 1024 * 1024
"""Below this much room administrators are told."""

FULL_BYTES = 20 * 1024 * 1024
"""Below this much room the installation is not ready."""


@dataclass(frozen=True)
class Disk:
    """Room on the disk of the data folder, in bytes, and whether it may be written."""

    free: int
    writable: bool

    @property
    def problem(self) -> str:
        """Why nothing can be saved; empty when it can."""
        if not self.writable:
            return "The data folder cannot be written."
        if self.free < FULL_BYTES:
            return f"The disk is full: {self.free // (1024 * 1024)} MB left."
        return ""

    @property
    def warning(self) -> str:
        """What an operator should know early; empty when there is nothing."""
        if self.problem or self.free >= LOW_BYTES:
            return self.problem
        return f"{self.free // (1024 * 1024)} MB left."


def disk() -> Disk:
    """Ask the operating system (two calls, microseconds). A folder that is gone counts as not writable."""
    folder = settings.ROADMAP_DATA
    try:
        return Disk(shutil.disk_usage(folder).free, os.access(folder, os.W_OK))
    except OSError:
        return Disk(0, False)
