"""Wrong settings: all problems are reported at once, and without any value."""

import traceback
from pathlib import Path

import pytest

import config
from tests.unit.variables import (
    CHANNEL,
    FRIEND,
    OWNER,
    PASSWORD,
    PROJECT,
    PROXY,
    REQUIRED,
    TOKEN,
    key_of,
    load_from_file,
    load_with,
    problems_with,
)

pytestmark = pytest.mark.usefixtures("required")

ANON_KEY = key_of("anon")


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
    (
        "ALLOW_COSTLY",
        "true",
        "hd, quality, turbo, oref, video, separated by commas, or all",
    ),
    (
        "ALLOW_COSTLY",
        "hd,4k",
        "hd, quality, turbo, oref, video, separated by commas, or all",
    ),
    ("ALLOW_TURBO", "perhaps", "write true or false, or ALLOW_COSTLY=turbo in its place"),
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
    ("GALLERY_PASSWORD", "hunter7", "of 8 characters or more"),
    ("GALLERY_URL", "pictures.example", "like https://pictures.example"),
    ("GALLERY_URL", "ftp://pictures.example", "like https://pictures.example"),
    ("GALLERY_URL", "https://pictures.example/gallery", "with nothing behind it"),
    ("GALLERY_URL", "https://ann:hunter77@pictures.example", "with nothing behind it"),
    ("GALLERY_URL", "https://pictures.example:0", "with nothing behind it"),
    ("AUTO_UPSCALE", "5", "numbers from 1 to 4, separated by commas, or nothing for none"),
    ("AUTO_UPSCALE", "1,0", "numbers from 1 to 4, separated by commas, or nothing for none"),
    ("PRESS_INTERVAL", "60.7", "from 0 to 60"),
    ("PRESS_INTERVAL", "-0.7", "from 0 to 60"),
    ("PRESS_INTERVAL", "nan", "from 0 to 60"),
    ("PRESS_INTERVAL", "fast", "from 0 to 60"),
    ("NOTIFY_AUTHOR", "7", "write true or false"),
    ("REACTIONS", "some", "write true or false"),
    ("PARK_ON_FATAL", "7", "write true or false"),
    ("LEASE_SECONDS", "1.7", "from 2 to 600"),
    ("RETENTION_DAYS", "0", "for how many days"),
    ("RETENTION_DAYS", "-1", "for how many days"),
    ("RETENTION_DAYS", "3650.7", "up to 3650"),
    ("RETENTION_DAYS", "nan", "for how many days"),
    ("EVENT_RETENTION_DAYS", "0.7", "1 to 3650"),
    ("EVENT_RETENTION_DAYS", "3650.7", "1 to 3650"),
    ("RETENTION_PER_PERSON", "0", "how many generations"),
    ("RETENTION_PER_PERSON", "1.7", "how many generations"),
    ("RETENTION_PER_PERSON", "100007", "up to 100000"),
    ("PICTURE_CACHE_SECONDS", "31536001", "from 0 to 31536000, like 86400"),
    ("PICTURE_CACHE_SECONDS", "a day", "from 0 to 31536000, like 86400"),
    ("LEASE_SECONDS", "600.7", "from 2 to 600"),
    ("LEASE_SECONDS", "inf", "from 2 to 600"),
    ("PROXY_URL", "proxy.example:7007", "like http://127.0.0.1:8080"),
    ("PROXY_URL", "socks5://proxy.example:7007", "like http://127.0.0.1:8080"),
    ("PROXY_URL", "http://", "like http://127.0.0.1:8080"),
    ("PROXY_URL", "http://ann:pass@proxy.example:port", "like http://127.0.0.1:8080"),
    ("SENTRY_DSN", "https://sentry.example/42", "https://...@.../..."),
    ("ALERT_WEBHOOK_URL", "http://example.org/hook", "http:// only at this machine"),
    ("LOG_FORMAT", "xml", "write logfmt, json or console"),
    ("SUPABASE_URL", "abc.supabase.co", "like https://abc.supabase.co"),
    ("SUPABASE_URL", "http://abc.supabase.co", "like https://abc.supabase.co"),
    (
        "SUPABASE_KEY",
        "sb_publishable_abc",
        "not one for browsers (publishable, anon), for users (authenticated) or",
    ),
    (
        "SUPABASE_KEY",
        ANON_KEY,
        "not one for browsers (publishable, anon), for users (authenticated) or",
    ),
    (
        "SUPABASE_KEY",
        key_of("authenticated"),
        "not one for browsers (publishable, anon), for users (authenticated) or",
    ),
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
