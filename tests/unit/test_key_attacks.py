"""Keys and addresses that were copied from the wrong place, and what is said of them."""

from __future__ import annotations

import base64
import json
import re
import traceback
from pathlib import Path
from urllib.parse import unquote

import pytest
from structlog.testing import capture_logs

import bot
import config
from cli.check import LEGACY_KEY
from config_types import is_legacy, is_no_secret_key
from domain.errors import AtelierError
from services import logs
from services.database.migrate import migrate
from tests.unit.variables import PROJECT, key_of, load_with, problems_with

pytestmark = pytest.mark.usefixtures("required")


def claims(claimed: object) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claimed).encode()).decode().rstrip("=")
    return f"header.{payload}.signature"


TOO_WEAK = {
    "publishable": "sb_publishable_abcdefghijklmnop",
    "anon": key_of("anon"),
    "authenticated": key_of("authenticated"),
}
TOO_STRONG = {
    "of an account": "sbp_0123456789abcdef0123456789abcdef01234567",
    "of the database's owner": key_of("postgres"),
    "of Supabase's own": key_of("supabase_admin"),
    "of the dashboard": key_of("dashboard_user"),
}
NO_KEYS = {
    "a list for a role": claims({"role": ["service_role"]}),
    "a number for a role": claims({"role": 7}),
}


@pytest.mark.parametrize("key", (TOO_WEAK | TOO_STRONG | NO_KEYS).values())
def test_a_key_that_is_too_weak_or_too_strong_is_said_once_and_never_repeated(key: str) -> None:
    (problem,) = problems_with({**PROJECT, "SUPABASE_KEY": key})
    assert problem.startswith("SUPABASE_KEY is wrong: write the project's secret key")
    assert key not in problem


@pytest.mark.parametrize("kind", ["authenticated", "anon", "publishable", "sbp_..."])
def test_each_kind_that_is_wrong_is_named(kind: str) -> None:
    (problem,) = problems_with({**PROJECT, "SUPABASE_KEY": TOO_WEAK["authenticated"]})
    assert kind in problem


@pytest.mark.parametrize(
    "key",
    ["sb_secret_abcdefghijklmnop", key_of("service_role"), claims({}), claims(["role"]), "x.y.z"],
)
def test_a_key_of_the_server_or_of_no_known_kind_is_left_to_the_project(key: str) -> None:
    assert not is_no_secret_key(key)
    assert load_with({**PROJECT, "SUPABASE_KEY": key}).supabase_key is not None


def test_the_older_key_of_a_server_works_and_is_said_to_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = key_of("service_role")
    assert is_legacy(key)
    settings = load_with({**PROJECT, "SUPABASE_KEY": key})
    with capture_logs() as lines:
        bot.tell_about_settings(settings, tmp_path / ".env")
    assert [line["event"] for line in lines] == ["key_deprecated"]
    assert lines[0]["hint"] == LEGACY_KEY
    assert "2026" in LEGACY_KEY
    assert key not in str(lines)


# -------------------------------------------------------------------------------- addresses

HERE = "127.0.0.1:9/postgres"
BADLY_WRITTEN = (
    f"postgresql://postgres.abc:Hidden@Second/2024pass@{HERE}",
    f"postgresql://postgres.abc:Hidden#2024pass@{HERE}",
    f"postgresql://postgres.abc:Hidden?2024pass@{HERE}",
    f"postgresql://postgres.abc:Hidden:2024pass@{HERE}",
    f"postgresql://postgres.abc:Hidden 2024pass@{HERE}",
    f"postgresql://postgres.abc:Hidden@2024pass:x@{HERE}",
)
WELL_WRITTEN = (
    f"postgresql://postgres.abc:Hidden2024pass@{HERE}",
    f"postgresql://postgres.abc:Hidden%2024pass@{HERE}",
    f"postgresql://postgres.abc:Hidden%402024pass@{HERE}",
    f"postgresql://{HERE}?user=postgres&password=Hidden2024pass",
    f"postgresql://postgres:Hidden2024pass@{HERE}?sslpassword=Hidden2024pass",
)
HOPELESS = (
    "postgresql://Hidden:2024pass",
    f"postgresql://Hidden2024pass@{HERE}",
    "postgresql://postgres:Hidden2024pass@127.0.0.1:notaport/postgres",
    "postgresql://postgres:Hidden2024pass@[::1/postgres",
)
PIECES = ("Hidden", "Second", "2024pass")


@pytest.mark.parametrize("address", BADLY_WRITTEN + WELL_WRITTEN + HOPELESS)
async def test_no_part_of_an_address_is_echoed_by_migrate(address: str) -> None:
    with pytest.raises(AtelierError) as caught:
        await migrate(address)
    said = "".join(traceback.format_exception_only(caught.value))
    assert [piece for piece in PIECES if piece in said] == []
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("address", BADLY_WRITTEN + WELL_WRITTEN + HOPELESS)
def test_no_part_of_an_address_is_echoed_by_the_settings(address: str) -> None:
    try:
        settings = load_with({**PROJECT, "SUPABASE_DB_URL": address})
    except config.SettingsError as error:
        said = f"{error!r} {error.problems} {error.__context__!r}"
    else:
        said = repr(settings) + str(settings)
    assert [piece for piece in PIECES if piece in said] == []


@pytest.mark.parametrize("address", BADLY_WRITTEN)
def test_every_piece_of_a_badly_written_password_is_masked(address: str) -> None:
    """Programs take some of it for a host, a path or a port, and repeat that."""
    mask = logs.masker(load_with({**PROJECT, "SUPABASE_DB_URL": address}).secrets)
    for piece in (piece for piece in PIECES if piece in address):
        assert mask(f'could not translate host name "{piece}"') == (
            'could not translate host name "***"'
        )


@pytest.mark.parametrize("address", WELL_WRITTEN)
def test_a_password_is_masked_as_it_is_written_and_as_it_is_meant(address: str) -> None:
    mask = logs.masker(load_with({**PROJECT, "SUPABASE_DB_URL": address}).secrets)
    written = re.search(r"Hidden[^@&]*", address)
    assert written is not None
    for word in (written[0], unquote(written[0])):
        assert mask(f'password "{word}" is wrong') == 'password "***" is wrong'


@pytest.mark.parametrize(
    "address",
    ["http://ann:12/Hidden@proxy.example:80", "http://ann:Hidden@/x", "http://a:Hidden/@b:1/c"],
)
def test_a_proxy_whose_password_is_not_in_percent_form_is_refused(address: str) -> None:
    (problem,) = problems_with({"PROXY_URL": address})
    assert problem.startswith("PROXY_URL is wrong")
    assert "Hidden" not in problem


@pytest.mark.parametrize(
    "address", ["http://Hidden2024@proxy.example:80", "http://ann:Hidden2024@proxy.example"]
)
def test_the_password_of_a_proxy_is_masked_and_so_is_a_name_that_is_one(address: str) -> None:
    mask = logs.masker(load_with({"PROXY_URL": address}).secrets)
    assert mask("407 for Hidden2024") == "407 for ***"
