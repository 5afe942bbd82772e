"""Addresses of a Supabase project that were copied with too much, or with too little."""

import pytest

import config
from domain.errors import StoreRefused
from services.database.migrate import migrate

REQUIRED = {
    "DISCORD_TOKEN": "x" * 30,
    "DISCORD_CHANNEL_ID": "200000000000000002",
    "OWNER_IDS": "100000000000000002",
    "SUPABASE_URL": "https://abc.supabase.co",
    "SUPABASE_KEY": "s" * 30,
}
POOLER = "aws-0-eu-west-1.pooler.supabase.com:5432/postgres"


@pytest.fixture(autouse=True)
def required(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set what is required, and nothing else."""
    for field in config.Settings.model_fields:
        monkeypatch.delenv(field.upper(), raising=False)
    for name, value in REQUIRED.items():
        monkeypatch.setenv(name, value)


def problems() -> list[str]:
    with pytest.raises(config.SettingsError) as caught:
        config.load(None)
    return caught.value.problems


@pytest.mark.parametrize("rest", ["/rest/v1/", "/auth/v1", "?a=b", "#a"])
def test_the_address_of_a_project_has_nothing_behind_it(
    monkeypatch: pytest.MonkeyPatch, rest: str
) -> None:
    monkeypatch.setenv("SUPABASE_URL", f"https://abc.supabase.co{rest}")
    (problem,) = problems()
    assert problem.startswith("SUPABASE_URL is wrong")
    assert problem.endswith("like https://abc.supabase.co, with nothing behind it.")


@pytest.mark.parametrize("rest", ["", "/"])
def test_the_address_of_a_project_may_end_with_a_slash(
    monkeypatch: pytest.MonkeyPatch, rest: str
) -> None:
    monkeypatch.setenv("SUPABASE_URL", f"https://abc.supabase.co{rest}")
    assert config.load(None).supabase_url == f"https://abc.supabase.co{rest}"


@pytest.mark.parametrize("place", ["[YOUR-PASSWORD]", "%5BYOUR-PASSWORD%5D", "YOUR-PASSWORD"])
def test_the_place_of_the_password_must_be_filled(
    monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setenv("SUPABASE_DB_URL", f"postgresql://postgres.abc:{place}@{POOLER}")
    (problem,) = problems()
    assert problem.endswith("with the database's password in the place of [YOUR-PASSWORD].")


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ("pgbouncer=true", "take out pgbouncer"),
        ("sslmode=require&pgbouncer=true&connection_limit=1", "pgbouncer, connection_limit"),
        ("schema=public", "take out schema"),
    ],
)
async def test_a_parameter_that_only_others_know_is_named(parameters: str, named: str) -> None:
    with pytest.raises(StoreRefused, match=f"{named}$"):
        await migrate(f"postgresql://postgres.abc:hunter22@{POOLER}?{parameters}")


async def test_what_may_be_a_part_of_the_password_is_no_parameter() -> None:
    with pytest.raises(StoreRefused, match="is no address") as caught:
        await migrate(f"postgresql://postgres.abc:a@b?hunter22=c@{POOLER}")
    assert "hunter22" not in str(caught.value)
