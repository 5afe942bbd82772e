"""What the tests' server tells about objects and links is what Supabase's own Storage was seen to.

Numbers and words are those of the real server, so that a test cannot pass with shorter links.
"""

from pathlib import Path
from uuid import uuid4

import httpx
import jwt
import pytest
from storage3.types import CreateOrUpdateBucketOptions as Options

from domain.slots import Slot, picture_key
from services.storage.supabase.bucket import prepare_bucket
from services.storage.supabase.store import SupabaseImageStore
from services.supabase import Supabase
from tests.fault_proxy import FaultProxy
from tests.supabase_server import SupabaseServer

pytestmark = pytest.mark.postgres

HOST = "https://abcdefghijklmnopqrst.supabase.co"
BUCKET = "generations"


@pytest.fixture
async def private(project: Supabase) -> SupabaseImageStore:
    assert await prepare_bucket(project, BUCKET, public=False) == []
    return SupabaseImageStore(project, BUCKET, public=False)


@pytest.fixture
def key() -> str:
    return picture_key(str(uuid4()), Slot.UPSCALE_1)


async def test_a_signed_link_is_as_long_as_supabases_own_and_names_its_key(
    private: SupabaseImageStore, key: str, source: Path, fault_proxy: FaultProxy
) -> None:
    await private.put(key, source)
    link = await private.url(key)
    assert len(link.replace(fault_proxy.url, HOST)) == 457
    token = httpx.URL(link).params["token"]
    header = jwt.get_unverified_header(token)
    assert header.pop("kid").startswith("storage-url-signing-key_")
    assert header == {"alg": "HS256"}
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims | {"iat": 0, "exp": 0} == {
        "url": f"{BUCKET}/{key}",
        "scope": "download",
        "iat": 0,
        "exp": 0,
    }


async def test_a_strange_token_opens_nothing(
    private: SupabaseImageStore, key: str, source: Path
) -> None:
    await private.put(key, source)
    link = httpx.URL(await private.url(key))
    async with httpx.AsyncClient() as visitor:
        assert (await visitor.get(link)).is_success
        strange = jwt.encode({"url": "x"}, "k" * 32)
        assert (await visitor.get(link.copy_set_param("token", strange))).is_error


async def test_what_is_not_there_is_told_with_the_code_of_its_kind(
    private: SupabaseImageStore, store: SupabaseImageStore, project: Supabase, key: str
) -> None:
    """To a stranger, a private bucket is none."""
    in_private = await SupabaseImageStore(project, BUCKET, public=True).url(key)
    told: list[tuple[int, str, str, str]] = []
    async with httpx.AsyncClient() as visitor:
        for address in (in_private, await private.url(key), await store.url(key)):
            answer = await visitor.get(address)
            body = answer.json()
            told.append((answer.status_code, body["statusCode"], body["code"], body["message"]))
    no_bucket = (400, "404", "NoSuchBucket", "Bucket not found")
    assert told == [no_bucket, no_bucket, (400, "404", "NoSuchKey", "Object not found")]


async def test_a_refusal_has_the_code_of_its_kind(
    project: Supabase, name: str, fault_proxy: FaultProxy, supabase_server: SupabaseServer
) -> None:
    """The client does not repeat it, so this asks without the client."""
    rules: Options = {"file_size_limit": 9, "allowed_mime_types": ["image/png"]}
    await project.client.storage.create_bucket(name, options=rules)
    headers = {"apikey": supabase_server.secret_key}
    url = f"{fault_proxy.url}/storage/v1/object/{name}/a.png"
    codes: list[str] = []
    for content, type_ in ((b"0123456789", "image/png"), (b"", "text/html")):
        form = {"file": ("a.png", content, type_)}
        codes.append((await project.http.post(url, headers=headers, files=form)).json()["code"])
    assert codes == ["EntityTooLarge", "InvalidMimeType"]
