import base64
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

import config
from services.settings import ServiceSettings

TOKEN = ".".join(("a" * 24, "b" * 6, "c" * 30))
PASSWORD = "hunter" * 2
PROXY = f"http://ann:{PASSWORD}@proxy.example"
CHANNEL = 200_000_000_000_000_002
OWNER = 100_000_000_000_000_001
FRIEND = 100_000_000_000_000_002
REQUIRED = MappingProxyType(
    {
        "DISCORD_TOKEN": TOKEN,
        "DISCORD_CHANNEL_ID": str(CHANNEL),
        "OWNER_IDS": str(OWNER),
    }
)
ANON_ROLE = b'{"role": "anon"}'
# The old kind of key that browsers may have: a JWT that says so.
ANON_KEY = f"header.{base64.urlsafe_b64encode(ANON_ROLE).decode().rstrip('=')}.signature"
PROJECT = MappingProxyType({"SUPABASE_URL": "https://abc.supabase.co", "SUPABASE_KEY": "s" * 30})
MISSING_FILE = Path("no-such-folder/.env")


@pytest.fixture(autouse=True)
def required(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set what is required, and nothing else."""
    for field in config.Settings.model_fields:
        monkeypatch.delenv(field.upper(), raising=False)
    for name, value in REQUIRED.items():
        monkeypatch.setenv(name, value)


def load_with(variables: Mapping[str, str]) -> config.Settings:
    """Load with some variables more, or others."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        return config.load(None)


def load_from_file(tmp_path: Path, text: str, encoding: str = "utf-8") -> config.Settings:
    """Load with a `.env` of that text."""
    env_file = tmp_path / ".env"
    env_file.write_text(text, encoding=encoding)
    return config.load(env_file)


def problems_with(variables: Mapping[str, str]) -> list[str]:
    """Return what is said about wrong variables."""
    with pytest.raises(config.SettingsError) as caught:
        load_with(variables)
    return caught.value.problems


def test_required_variables_alone_give_the_documented_defaults() -> None:
    settings = config.load(None)
    assert settings.model_dump(exclude={"discord_token"}) == {
        "discord_channel_id": CHANNEL,
        "owner_ids": {OWNER},
        "allowed_user_ids": frozenset(),
        "allow_everybody": False,
        "allowed_role_ids": frozenset(),
        "allow_own_commands": False,
        "command_prefix": "!",
        "reply_language": "en",
        "allow_image_prompts": False,
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
        "auto_upscale": (1, 2, 3, 4),
        "press_interval": 1.5,
        "notify_author": True,
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
    }
    assert settings.discord_token.get_secret_value() == TOKEN


def test_settings_are_what_the_services_ask_for() -> None:
    """The type checker proves it; here, that no property was forgotten at run time."""
    settings: ServiceSettings = config.load(None)
    asked = [name for name, what in vars(ServiceSettings).items() if isinstance(what, property)]
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
        ("PARK_ON_FATAL", "TRUE", True),
        ("PRESS_INTERVAL", "0", 0.0),
        ("LEASE_SECONDS", "600", 600.0),
        ("RETENTION_DAYS", "0.5", 0.5),
        ("RETENTION_DAYS", "", None),
        ("RETENTION_PER_PERSON", "1", 1),
        ("COMMAND_PREFIX", "mj.", "mj."),
        ("REPLY_LANGUAGE", "fr", "fr"),
        ("ALLOW_IMAGE_PROMPTS", "1", True),
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


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("empty", ["", " "])
def test_empty_required_variable_counts_as_missing(name: str, empty: str) -> None:
    (problem,) = problems_with({name: empty})
    assert problem.startswith(f"{name} is not set: write ")


WRONG = [
    ("DISCORD_TOKEN", f'"{TOKEN}"', "alone, without quotes and spaces"),
    ("DISCORD_TOKEN", f"Bot {TOKEN}", "alone, without quotes and spaces"),
    ("DISCORD_TOKEN", f"{TOKEN}\x07", "alone, without quotes and spaces"),
    ("DISCORD_TOKEN", f"{TOKEN}é", "alone, without quotes and spaces"),
    ("DISCORD_CHANNEL_ID", "general", "right-click the channel and choose Copy Channel ID"),
    (
        "DISCORD_CHANNEL_ID",
        "9999999999999999",
        "right-click the channel and choose Copy Channel ID",
    ),
    ("DISCORD_CHANNEL_ID", "9223372036854775808", "17 to 19 digits"),
    ("DISCORD_CHANNEL_ID", f"-{CHANNEL}", "17 to 19 digits"),
    ("OWNER_IDS", "ann", "right-click a person and choose Copy User ID"),
    ("OWNER_IDS", ",", "right-click a person and choose Copy User ID"),
    ("OWNER_IDS", f"{OWNER} {FRIEND}", "separated by commas"),
    ("ALLOWED_USER_IDS", "7007", "or * for all who can write in the channel"),
    ("ALLOWED_ROLE_IDS", "*", "right-click a role and choose Copy Role ID"),
    ("ALLOW_OWN_COMMANDS", "perhaps", "write true or false"),
    ("COMMAND_PREFIX", "a b", "1 to 5 characters without spaces"),
    ("COMMAND_PREFIX", "imagine", "1 to 5 characters without spaces"),
    ("REPLY_LANGUAGE", "de", "write en or fr"),
    ("ALLOW_IMAGE_PROMPTS", "perhaps", "write true or false"),
    ("ALLOW_TURBO", "perhaps", "write true or false"),
    ("PROMPT_LIMIT", "0", "from 1 to 6000"),
    ("PROMPT_LIMIT", "6007", "from 1 to 6000"),
    ("QUEUE_LIMIT", "-7", "or 0 for no limit"),
    ("QUEUE_LIMIT", "1.7", "or 0 for no limit"),
    ("WAITING_PER_PERSON", "-7", "or 0 for no limit"),
    ("DAILY_PER_PERSON", "-7", "or 0 for no limit"),
    ("DAILY_PER_PERSON", "1007", "or 0 for no limit"),
    ("COOLDOWN_SECONDS", "-7", "or 0 for none"),
    ("COOLDOWN_SECONDS", "86400.7", "up to 86400"),
    ("COOLDOWN_SECONDS", "inf", "up to 86400"),
    ("COOLDOWN_SECONDS", "nan", "up to 86400"),
    ("ANSWER_SECONDS", "29.7", "write seconds from 30 to 86400"),
    ("ANSWER_SECONDS", "86400.7", "write seconds from 30 to 86400"),
    ("ANSWER_SECONDS", "inf", "write seconds from 30 to 86400"),
    ("PROGRESS_SECONDS", "59.7", "write seconds from 60 to 86400"),
    ("PROGRESS_SECONDS", "86400.7", "write seconds from 60 to 86400"),
    ("PROGRESS_SECONDS", "inf", "write seconds from 60 to 86400"),
    ("QUEUED_SECONDS", "59.7", "write seconds from 60 to 86400"),
    ("QUEUED_SECONDS", "86400.7", "write seconds from 60 to 86400"),
    ("QUEUED_SECONDS", "inf", "write seconds from 60 to 86400"),
    ("PICTURES_ADDRESS", "7007", "like 127.0.0.1:8764"),
    ("PICTURES_ADDRESS", "http://127.0.0.1:7007", "like 127.0.0.1:8764"),
    ("PICTURES_ADDRESS", "127.0.0.1:7007/x", "like 127.0.0.1:8764"),
    ("PICTURES_ADDRESS", "127.0.0.1:65536", "like 127.0.0.1:8764"),
    ("PICTURES_ADDRESS", "ann@127.0.0.1:7007", "like 127.0.0.1:8764"),
    ("PICTURES_ADDRESS", "127.0.0.1:", "like 127.0.0.1:8764"),
    ("PICTURES_ADDRESS", ":7007", "like 127.0.0.1:8764"),
    ("AUTO_UPSCALE", "5", "numbers from 1 to 4, separated by commas, or nothing for none"),
    ("AUTO_UPSCALE", "1,0", "numbers from 1 to 4, separated by commas, or nothing for none"),
    ("PRESS_INTERVAL", "60.7", "from 0 to 60"),
    ("PRESS_INTERVAL", "-0.7", "from 0 to 60"),
    ("PRESS_INTERVAL", "nan", "from 0 to 60"),
    ("PRESS_INTERVAL", "fast", "from 0 to 60"),
    ("NOTIFY_AUTHOR", "7", "write true or false"),
    ("PARK_ON_FATAL", "7", "write true or false"),
    ("LEASE_SECONDS", "1.7", "from 2 to 600"),
    ("RETENTION_DAYS", "0", "for how many days"),
    ("RETENTION_DAYS", "-1", "for how many days"),
    ("RETENTION_DAYS", "3650.7", "up to 3650"),
    ("RETENTION_DAYS", "nan", "for how many days"),
    ("RETENTION_PER_PERSON", "0", "how many generations"),
    ("RETENTION_PER_PERSON", "1.7", "how many generations"),
    ("RETENTION_PER_PERSON", "100007", "up to 100000"),
    ("LEASE_SECONDS", "600.7", "from 2 to 600"),
    ("LEASE_SECONDS", "inf", "from 2 to 600"),
    ("PROXY_URL", "proxy.example:7007", "like http://127.0.0.1:8080"),
    ("PROXY_URL", "socks5://proxy.example:7007", "like http://127.0.0.1:8080"),
    ("PROXY_URL", "http://", "like http://127.0.0.1:8080"),
    ("PROXY_URL", "http://ann:pass@proxy.example:port", "like http://127.0.0.1:8080"),
    ("LOG_FORMAT", "xml", "write logfmt, json or console"),
    ("SUPABASE_URL", "abc.supabase.co", "like https://abc.supabase.co"),
    ("SUPABASE_URL", "http://abc.supabase.co", "like https://abc.supabase.co"),
    ("SUPABASE_KEY", "sb_publishable_abc", "not a publishable or anon key"),
    ("SUPABASE_KEY", ANON_KEY, "not a publishable or anon key"),
    ("SUPABASE_BUCKET", "My Pictures", "small letters, digits, dashes"),
    ("SUPABASE_BUCKET_PUBLIC", "7", "write true or false"),
    ("SUPABASE_DB_URL", "mysql://host/base", "postgresql://..."),
]


@pytest.mark.parametrize(("name", "text", "advice"), WRONG)
def test_wrong_value_gets_one_sentence_with_advice_and_without_the_value(
    name: str, text: str, advice: str
) -> None:
    """What is said depends on the variable alone, so that nothing of the value can be in it."""
    (problem,) = problems_with({**PROJECT, name: text})
    assert problem == f"{name} is wrong: {config.Settings.model_fields[name.lower()].description}."
    assert advice in problem


def test_every_variable_can_be_said_to_be_wrong() -> None:
    """Each has its advice, and but for the folder, which may be any text, a case above."""
    variables = {f: i for f, i in config.Settings.model_fields.items() if f != "allow_everybody"}
    assert [field for field, info in variables.items() if not info.description] == []
    assert {name for name, _, _ in WRONG} == {f.upper() for f in variables} - {"DATA_DIR"}


@pytest.mark.parametrize("alone", PROJECT)
def test_a_project_needs_its_url_and_its_key(alone: str) -> None:
    (problem,) = problems_with({alone: PROJECT[alone]})
    (other,) = PROJECT.keys() - {alone}
    assert problem.startswith(f"{other} is not set: write the project's")


@pytest.mark.parametrize("alone", PROJECT)
def test_half_a_project_is_named_together_with_all_else(alone: str) -> None:
    problems = problems_with({alone: PROJECT[alone], "OWNER_IDS": "ann", "LOG_FORMAT": "xml"})
    (other,) = PROJECT.keys() - {alone}
    assert [problem.split(" ", 1)[0] for problem in problems] == ["OWNER_IDS", "LOG_FORMAT", other]


def test_half_a_project_may_be_wrong_itself() -> None:
    wrong, missing = problems_with({"SUPABASE_URL": "abc"})
    assert wrong.startswith("SUPABASE_URL is wrong")
    assert missing.startswith("SUPABASE_KEY is not set")


@pytest.mark.parametrize("url", ["https://abc.supabase.co", "http://127.0.0.1:7007"])
def test_a_project_is_on_https_or_on_this_machine(url: str) -> None:
    assert load_with({**PROJECT, "SUPABASE_URL": url}).supabase_url == url


def test_the_secrets_of_a_project_are_named_for_masking() -> None:
    address = f"postgresql://postgres:{PASSWORD}@db.example:5432/postgres"
    settings = load_with({**PROJECT, "SUPABASE_DB_URL": address})
    assert set(settings.secrets) == {TOKEN, "s" * 30, address, PASSWORD}


def test_every_problem_is_named_at_once() -> None:
    """Several wrong ids in one list are one problem."""
    problems = problems_with({"DISCORD_TOKEN": "", "OWNER_IDS": "1,2", "LOG_FORMAT": "xml"})
    assert [problem.split(" ", 1)[0] for problem in problems] == [
        "DISCORD_TOKEN",
        "OWNER_IDS",
        "LOG_FORMAT",
    ]


def test_no_variable_at_all_names_the_required_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in REQUIRED:
        monkeypatch.delenv(name)
    assert [problem.partition(" is not set")[0] for problem in problems_with({})] == [*REQUIRED]


def test_error_carries_no_value_anywhere() -> None:
    """Not in its text, nor in an error behind it that a crash report would follow."""
    with pytest.raises(config.SettingsError) as caught:
        load_with({"DISCORD_TOKEN": f"{TOKEN} x", "PROXY_URL": PROXY.replace("http", "ftp")})
    written = "".join(traceback.format_exception(caught.value)) + repr(caught.value.args)
    assert "DISCORD_TOKEN" in written
    assert TOKEN not in written
    assert PASSWORD not in written
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


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


def test_file_that_is_no_text_is_one_problem(tmp_path: Path) -> None:
    with pytest.raises(config.SettingsError) as caught:
        load_from_file(tmp_path, "COMMAND_PREFIX=?", "utf-16")
    (problem,) = caught.value.problems
    assert problem == (
        f"{tmp_path / '.env'} cannot be read: make it a UTF-8 text that this account may read."
    )
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("variables", "parks"),
    [({}, False), ({"PARK_ON_FATAL": "true"}, True), ({"PARK_ON_FATAL": "perhaps"}, False)],
)
def test_parking_counts_also_when_another_setting_is_wrong(
    variables: dict[str, str],
    parks: bool,
) -> None:
    with pytest.raises(config.SettingsError) as caught:
        load_with({"OWNER_IDS": "ann", **variables})
    assert caught.value.park is parks


def test_parking_may_be_asked_for_in_the_file(tmp_path: Path) -> None:
    with pytest.raises(config.SettingsError) as caught:
        load_from_file(tmp_path, "PARK_ON_FATAL=1\nAUTO_UPSCALE=9")
    assert caught.value.park
