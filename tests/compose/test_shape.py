"""What the compose file and the Dockerfile promise (security.md 9)."""

import re
from typing import Any

import pytest

from tests.compose.conftest import ROOT

APP = ["web", "worker", "beat", "migrate"]
ALL = [*APP, "db", "redis"]
PRODUCT_VARIABLES = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY_FILE", "SITE_URL", "EMAIL_URL"}
WEBHOOK_VARIABLES = {"WEBHOOKS", "WEBHOOK_HTTP", "WEBHOOK_ALLOWED_HOSTS", "WEBHOOK_ALLOWED_NETWORKS"}
REPORT_VARIABLES = {f"MAIL_WEBHOOK_{part}" for part in ("PROVIDER", "SECRET_FILE", "SIGNING_KEY_FILE")}
OPTIONAL = {"EMAIL_PASSWORD_FILE", "METRICS_TOKEN", "METRICS_TOKEN_FILE", *WEBHOOK_VARIABLES, *REPORT_VARIABLES}


def test_the_services_are_the_promised_ones(compose: dict[str, Any]) -> None:
    assert sorted(compose["services"]) == sorted(ALL)


@pytest.mark.parametrize("name", ALL)
def test_every_service_is_hardened(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"] not in {"root", "0", 0}
    assert service["logging"]["options"]["max-size"]


@pytest.mark.parametrize("name", ["web", "worker", "beat", "db", "redis"])
def test_every_lasting_service_restarts_and_is_watched(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"][0] == "CMD"
    assert service["stop_grace_period"]


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_app_services_ask_readyz_and_wait_for_the_migration(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert service["healthcheck"]["test"][:3] == ["CMD", "python", "docker/health.py"]
    assert service["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert service["depends_on"]["redis"] == {"condition": "service_healthy"}


def test_only_the_web_is_reachable_and_only_from_the_machine(compose: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert list(published) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in published["web"])
    assert compose["networks"]["inside"] == {"internal": True}
    assert [compose["services"][name]["networks"] for name in ("db", "redis")] == [["inside"], ["inside"]]


def test_secrets_come_from_files_and_nothing_secret_stands_in_the_file(compose: dict[str, Any]) -> None:
    assert set(compose["secrets"]) == {"secret_key", "db_password"}
    assert all(list(secret) == ["file"] for secret in compose["secrets"].values())
    for name in ALL:
        for variable, value in compose["services"][name].get("environment", {}).items():
            if re.search("SECRET|PASSWORD|KEY", variable):
                assert variable.endswith("_FILE")
                assert value.startswith("/run/secrets/") or (variable in OPTIONAL and value == f"${{{variable}:-}}")


def test_data_survives_in_volumes(compose: dict[str, Any]) -> None:
    assert compose["services"]["web"]["volumes"] == ["data:/data"]
    assert compose["services"]["db"]["volumes"] == ["database:/var/lib/postgresql"]
    assert set(compose["volumes"]) == {"data", "database"}


def test_the_worker_outlives_its_soft_shutdown(compose: dict[str, Any]) -> None:
    from roadmap_site.celery import app  # noqa: PLC0415  (only this test needs the Celery app)

    grace = int(compose["services"]["worker"]["stop_grace_period"].removesuffix("s"))
    assert grace > app.conf.worker_soft_shutdown_timeout > 0


def test_app_services_share_one_environment(compose: dict[str, Any]) -> None:
    environments = [compose["services"][name]["environment"] for name in APP]
    assert all(environment == environments[0] for environment in environments)
    assert set(environments[0]) >= PRODUCT_VARIABLES
    # What is optional is handed on from the shell or .env under its own name, and blank is unset.
    assert {name: environments[0].get(name) for name in OPTIONAL} == {name: f"${{{name}:-}}" for name in OPTIONAL}


def test_the_image_runs_as_a_user_with_a_name_and_installs_by_hash() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("USER ")] == ["USER roadmap"]
    assert any("useradd --uid 10001" in line for line in lines)
    assert any("--require-hashes -r requirements.txt" in line for line in lines)
    assert not any("requirements-dev" in line for line in lines)
