"""What the variables mean, and where they are read from."""

from pathlib import Path

import pytest

import config
from domain.parameters import Costly
from services.settings import ServiceSettings
from services.storage import CACHE_SECONDS
from tests.unit.variables import (
    CHANNEL,
    FRIEND,
    OWNER,
    PASSWORD,
    PROJECT,
    PROXY,
    REQUIRED,
    TOKEN,
    load_from_file,
    load_with,
)

pytestmark = pytest.mark.usefixtures("required")

MISSING_FILE = Path("no-such-folder/.env")
DEFAULTS: dict[str, object] = {
    "discord_channel_id": CHANNEL,
    "owner_ids": {OWNER},
    "allowed_user_ids": frozenset(),
    "allow_everybody": False,
    "allowed_role_ids": frozenset(),
    "allow_own_commands": False,
    "command_prefix": "!",
    "reply_language": "en",
    "allow_image_prompts": False,
    "allow_costly": frozenset(),
    "allow_turbo": False,
    "prompt_limit": 1500,
    "queue_limit": 20,
    "waiting_per_person": 3,
    "daily_per_person": 0,
    "cooldown_seconds": 0,
    "answer_seconds": 180,
    "progress_seconds": 900,
    "queued_seconds": 1800,
    "data_dir": Path("data"),
    "pictures_address": "127.0.0.1:8764",
    "picture_cache_seconds": CACHE_SECONDS,
    "alert_webhook_url": None,
    "sentry_dsn": None,
    "gallery_password": None,
    "gallery_url": None,
    "auto_upscale": (1, 2, 3, 4),
    "press_interval": 1.5,
    "notify_author": True,
    "reactions": True,
    "park_on_fatal": False,
    "lease_seconds": 30,
    "proxy_url": None,
    "log_format": "logfmt",
    "supabase_url": None,
    "supabase_key": None,
    "supabase_bucket": "generations",
    "supabase_bucket_public": True,
    "supabase_db_url": None,
    "retention_days": None,
    "retention_per_person": None,
    "event_retention_days": None,
}


def test_required_variables_alone_give_the_documented_defaults() -> None:
    settings = config.load(None)
    assert settings.model_dump(exclude={"discord_token"}) == DEFAULTS
    assert settings.discord_token.get_secret_value() == TOKEN


def test_settings_are_what_the_services_ask_for() -> None:
    """The type checker proves it; here, that no property was forgotten at run time."""
    settings: ServiceSettings = config.load(None)
    facts = {name: getattr(ServiceSettings, name) for name in dir(ServiceSettings)}
    asked = [name for name, what in facts.items() if isinstance(what, property)]
    assert len(asked) > 20
    assert "discord_channel_id" in asked
    assert [name for name in asked if not hasattr(settings, name)] == []


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("OWNER_IDS", f"{OWNER},{FRIEND}", {OWNER, FRIEND}),
        ("OWNER_IDS", f" {OWNER} , {FRIEND}, ", {OWNER, FRIEND}),
        ("ALLOWED_USER_IDS", str(FRIEND), {FRIEND}),
        ("ALLOWED_ROLE_IDS", f"{OWNER}, {OWNER}", {OWNER}),
        ("AUTO_UPSCALE", "3, 1,3", (1, 3)),
        ("AUTO_UPSCALE", "", ()),
        ("AUTO_UPSCALE", " ", ()),
        ("ALLOW_OWN_COMMANDS", "yes", True),
        ("NOTIFY_AUTHOR", "0", False),
        ("REACTIONS", "no", False),
        ("PARK_ON_FATAL", "TRUE", True),
        ("PRESS_INTERVAL", "0", 0.0),
        ("LEASE_SECONDS", "600", 600.0),
        ("RETENTION_DAYS", "0.5", 0.5),
        ("RETENTION_DAYS", "", None),
        ("RETENTION_PER_PERSON", "1", 1),
        ("EVENT_RETENTION_DAYS", "1", 1.0),
        ("COMMAND_PREFIX", "mj.", "mj."),
        ("REPLY_LANGUAGE", "fr", "fr"),
        ("ALLOW_IMAGE_PROMPTS", "1", True),
        ("ALLOW_COSTLY", "hd, quality", {Costly.HD, Costly.QUALITY}),
        ("ALLOW_COSTLY", " Turbo,VIDEO,", {Costly.TURBO, Costly.VIDEO}),
        ("ALLOW_COSTLY", "all", set(Costly)),
        ("ALLOW_COSTLY", "oref, ALL", set(Costly)),
        ("ALLOW_TURBO", "yes", True),
        ("PROMPT_LIMIT", "6000", 6000),
        ("QUEUE_LIMIT", "0", 0),
        ("WAITING_PER_PERSON", "7", 7),
        ("DAILY_PER_PERSON", "1000", 1000),
        ("COOLDOWN_SECONDS", "0.5", 0.5),
        ("COOLDOWN_SECONDS", "86400", 86_400.0),
        ("QUEUED_SECONDS", "86400", 86_400.0),
        ("DATA_DIR", "/var/lib/atelier", Path("/var/lib/atelier")),
        ("PICTURES_ADDRESS", "[::1]:0", "[::1]:0"),
        ("PICTURES_ADDRESS", "localhost:65535", "localhost:65535"),
        ("PICTURE_CACHE_SECONDS", "0", 0),
        ("PICTURE_CACHE_SECONDS", "31536000", 31_536_000),
        ("GALLERY_URL", "https://pictures.example/", "https://pictures.example"),
        ("GALLERY_URL", "http://192.0.2.7:8764", "http://192.0.2.7:8764"),
        ("PROXY_URL", "http://ann:pass@proxy.example:8080", "http://ann:pass@proxy.example:8080"),
        ("LOG_FORMAT", "json", "json"),
        ("DISCORD_CHANNEL_ID", f"{CHANNEL}\n", CHANNEL),
    ],
)
def test_variable_is_read_as_it_is_meant(name: str, text: str, value: object) -> None:
    assert getattr(load_with({name: text}), name.lower()) == value


def test_spaces_around_the_token_are_no_part_of_it() -> None:
    settings = load_with({"DISCORD_TOKEN": f" {TOKEN}\n"})
    assert settings.discord_token.get_secret_value() == TOKEN


@pytest.mark.parametrize("text", ["*", " * ", f"{FRIEND}, *"])
def test_star_allows_everybody(text: str) -> None:
    settings = load_with({"ALLOWED_USER_IDS": text})
    assert settings.allow_everybody
    assert settings.allowed_user_ids == frozenset()


def test_the_older_name_allows_turbo_beside_what_the_new_one_lists() -> None:
    assert config.load(None).costly == frozenset()
    assert load_with({"ALLOW_TURBO": "true"}).costly == {Costly.TURBO}
    both = load_with({"ALLOW_TURBO": "true", "ALLOW_COSTLY": "hd"})
    assert both.costly == {Costly.TURBO, Costly.HD}
    assert load_with({"ALLOW_COSTLY": "hd"}).costly == {Costly.HD}


def test_only_the_documented_way_allows_everybody() -> None:
    assert not load_with({"ALLOW_EVERYBODY": "true"}).allow_everybody


def test_unknown_variables_are_ignored(tmp_path: Path) -> None:
    assert load_with({"DISCORD_TOKENS": "1"}) == config.load(None)
    assert load_from_file(tmp_path, "DISCORD_TOKENS=1") == config.load(None)


@pytest.mark.parametrize(
    "name",
    [
        field.upper()
        for field, info in config.Settings.model_fields.items()
        if not info.is_required() and field != "auto_upscale"
    ],
)
def test_empty_value_means_unset(name: str) -> None:
    assert load_with({name: ""}) == config.load(None)
    assert load_with({name: "  "}) == config.load(None)


@pytest.mark.parametrize("url", ["https://abc.supabase.co", "http://127.0.0.1:7007"])
def test_a_project_is_on_https_or_on_this_machine(url: str) -> None:
    assert load_with({**PROJECT, "SUPABASE_URL": url}).supabase_url == url


def test_the_secrets_of_a_project_are_named_for_masking() -> None:
    address = f"postgresql://postgres:{PASSWORD}@db.example:5432/postgres"
    settings = load_with({**PROJECT, "SUPABASE_DB_URL": address})
    assert set(settings.secrets) == {TOKEN, "s" * 30, address, PASSWORD}


def test_secrets_are_absent_from_repr_and_str() -> None:
    settings = load_with({"PROXY_URL": PROXY})
    for text in (repr(settings), str(settings), f"{settings}"):
        assert str(CHANNEL) in text
        assert TOKEN not in text
        assert PASSWORD not in text


def test_secrets_are_named_for_whoever_must_mask_them() -> None:
    assert config.load(None).secrets == (TOKEN,)
    assert load_with({"PROXY_URL": "http://proxy.example"}).secrets == (TOKEN,)
    with_password = load_with({"PROXY_URL": PROXY})
    assert with_password.secrets == (TOKEN, PASSWORD)


def test_the_gallery_s_password_is_a_secret() -> None:
    settings = load_with({"GALLERY_PASSWORD": PASSWORD})
    assert settings.secrets == (TOKEN, PASSWORD)
    assert PASSWORD not in repr(settings)


def load_for_subcommands(variables: dict[str, str]) -> config.SubcommandSettings:
    """Load with these, and nothing of Discord's."""
    with pytest.MonkeyPatch.context() as patch:
        for name in REQUIRED:
            patch.delenv(name)
        for name, value in variables.items():
            patch.setenv(name, value)
        return config.load_for_subcommands(None)


def test_who_only_reads_needs_no_account_and_has_no_secret_that_is_empty() -> None:
    settings = load_for_subcommands({"REPLY_LANGUAGE": "fr"})
    assert settings.reply_language == "fr"
    assert settings.secrets == ()


@pytest.mark.parametrize(
    ("variables", "address"),
    [
        ({}, "127.0.0.1:8764"),
        ({"PORT": "5007"}, "0.0.0.0:5007"),
        ({"PORT": "5007", "PICTURES_ADDRESS": "127.0.0.1:7"}, "127.0.0.1:7"),
    ],
)
def test_a_platform_says_at_which_port_the_gallery_is(
    variables: dict[str, str], address: str
) -> None:
    assert load_for_subcommands(variables).gallery_address == address


def test_a_wrong_port_is_named() -> None:
    with pytest.raises(config.SettingsError) as caught:
        load_for_subcommands({"PORT": "http"})
    (problem,) = caught.value.problems
    assert problem.startswith("PORT is wrong: write a port")


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        config.load(None).command_prefix = "?"


def test_missing_file_is_no_problem() -> None:
    assert config.load(MISSING_FILE) == config.load(None)


def test_file_of_the_working_folder_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    load_from_file(tmp_path, "COMMAND_PREFIX=?")
    assert config.load().command_prefix == "?"


def test_file_is_read_for_what_the_environment_does_not_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OWNER_IDS")
    settings = load_from_file(
        tmp_path,
        f"# who\nOWNER_IDS='{FRIEND}'\nALLOWED_USER_IDS=*  # friends\nDISCORD_CHANNEL_ID=1\n",
    )
    assert settings.owner_ids == {FRIEND}
    assert settings.allow_everybody
    assert settings.discord_channel_id == CHANNEL


def test_empty_values_of_the_file_mean_unset_but_for_auto_upscale(tmp_path: Path) -> None:
    settings = load_from_file(tmp_path, "AUTO_UPSCALE=\nPROXY_URL=\nLEASE_SECONDS=\nDATA_DIR\n")
    assert settings.auto_upscale == ()
    assert settings.model_copy(update={"auto_upscale": (1, 2, 3, 4)}) == config.load(None)


def test_environment_counts_even_when_it_is_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that one start can do without what the file says."""
    monkeypatch.setenv("COMMAND_PREFIX", "")
    assert load_from_file(tmp_path, "COMMAND_PREFIX=?").command_prefix == "!"


def test_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    assert load_from_file(tmp_path, "COMMAND_PREFIX=?", "utf-8-sig").command_prefix == "?"
