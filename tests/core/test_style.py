"""The style sheet pages link is the joined one, vendored files are what their names say, sizes stay in the budget."""

import gzip
import re
from pathlib import Path

from django.conf import settings

from core.management.commands.build_css import LAYERS, joined

STATIC = Path(settings.BASE_DIR) / "static"


def test_the_joined_style_sheet_is_fresh() -> None:
    folder = STATIC / "css"
    assert (folder / "app.css").read_text("utf-8") == joined(folder), "run manage.py build_css"


def test_every_layer_is_joined_in_order() -> None:
    text = joined(STATIC / "css")
    assert [text.index(f"@layer {name} {{") for name in LAYERS] == sorted(
        text.index(f"@layer {name} {{") for name in LAYERS
    )


def test_colours_are_named_once() -> None:
    for name in ("base", "pages"):
        text = re.sub(r"/\*.*?\*/", "", (STATIC / "css" / f"{name}.css").read_text("utf-8"), flags=re.DOTALL)
        assert re.findall(r"#[0-9A-Fa-f]{3,8}\b", text) == []


def test_scripts_and_styles_stay_in_the_budget() -> None:
    sizes = {p.name: len(gzip.compress(p.read_bytes())) for p in (STATIC / "js").glob("*.js")}
    assert sum(sizes.values()) < 25_000, sizes
    assert len(gzip.compress((STATIC / "css" / "app.css").read_bytes())) < 12_000
    assert (STATIC / "fonts" / "instrument-sans.woff2").stat().st_size < 30_000


def test_vendored_files_carry_their_licences() -> None:
    assert (STATIC / "js" / "htmx.4.0.1.LICENSE.txt").read_text("utf-8").startswith("Zero-Clause BSD")
    for font in ("instrument-sans", "newsreader"):
        assert "SIL OPEN FONT LICENSE" in (STATIC / "fonts" / f"{font}.OFL.txt").read_text("utf-8").upper()
