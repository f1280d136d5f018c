#!/usr/bin/env python
"""Command line of Roadmap 90; every command is listed by `python manage.py help`."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run one management command with the project's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "roadmap_site.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
