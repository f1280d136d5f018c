"""The import contracts of pyproject.toml, and what import contracts cannot see."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parents[2]
LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"


def ranks() -> dict[str, int]:
    """Return each app's place in the first contract, the topmost being 0."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "apps")
    return {app.strip(): place for place, layer in enumerate(layers) for app in layer.split("|")}


def upward(model: type[models.Model], order: dict[str, int]) -> list[str]:
    """Name the relations of `model` that point to an app above its own."""
    own = order[model._meta.app_label]
    targets = [(field.name, field.related_model) for field in model._meta.get_fields() if field.concrete]
    return [
        f"{model._meta.label}.{name} -> {target._meta.label}"
        for name, target in targets
        if isinstance(target, type) and order.get(target._meta.app_label, own) < own
    ]


def test_imports_keep_the_layer_contracts(tmp_path: Path) -> None:
    command = [str(LINT_IMPORTS), "--config", "pyproject.toml", "--cache-dir", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_app_has_a_place_in_the_contract() -> None:
    ours = {config.name for config in apps.get_app_configs() if (ROOT / config.name).is_dir()}
    assert ours == set(ranks()) - {"roadmap_site"}


@pytest.mark.parametrize("app", sorted(set(ranks()) - {"roadmap_site"}))
def test_no_model_points_to_an_app_above(app: str) -> None:
    faults = [fault for model in apps.get_app_config(app).get_models() for fault in upward(model, ranks())]
    assert faults == []


def test_a_relation_upwards_would_be_named() -> None:
    """The check above finds something when the order is turned round: it is not blind."""
    turned = {app: -place for app, place in ranks().items()}
    found = [
        f for app in ("phases", "programs") for m in apps.get_app_config(app).get_models() for f in upward(m, turned)
    ]
    assert any(fault.startswith("programs.Role.holder") for fault in found)
