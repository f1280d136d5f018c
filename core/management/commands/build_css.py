"""Joins the style sheets into `static/css/app.css`, the one file pages link. Must not do more than join and squeeze.

No Node build: run `manage.py build_css` after editing a style sheet; a test fails when the joined file is stale.
"""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

LAYERS = ("tokens", "base", "parts", "pages", "print")


def joined(folder: Path) -> str:
    """Return the layered text of all style sheets in `folder`, without comments and indentation."""
    texts = {name: (folder / f"{name}.css").read_text("utf-8") for name in LAYERS}
    blocks = [f"@layer {name} {{\n{_squeezed(text)}\n}}" for name, text in texts.items()]
    head = "/* Made by manage.py build_css; edit the files beside it. Fonts: SIL OFL 1.1, see ../fonts. */"
    return "\n".join([head, f"@layer {', '.join(LAYERS)};", *blocks]) + "\n"


def _squeezed(text: str) -> str:
    """Drop comments and the blanks that mean nothing: around braces, semicolons and commas, never around a colon."""
    lines = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).splitlines()
    kept = "\n".join(line.strip() for line in lines if line.strip())
    return re.sub(r";}", "}", re.sub(r" *([{};,]) *", r"\1", kept))


class Command(BaseCommand):
    """`manage.py build_css`."""

    help = "Join static/css/*.css into static/css/app.css"

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the joined file and say how large it is."""
        folder = Path(settings.BASE_DIR) / "static" / "css"
        text = joined(folder)
        (folder / "app.css").write_text(text, "utf-8")
        self.stdout.write(f"app.css: {len(text.encode())} bytes")
