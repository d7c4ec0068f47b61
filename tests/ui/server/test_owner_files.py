"""Adding files by the owner's page, and taking them out."""

from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from rag.assistant import Assistant
from rag.index.building import ingest
from tests.fakes import in_a_loop
from ui.server import owner_files
from ui.server.app import create_app
from ui.settings import ServerSettings

TOKEN = "correct horse battery staple"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
HERE = "http://127.0.0.1:7860"
WORDS = "The Zambezi flows through six countries.\n"


@pytest.fixture
def settings(folder: Path, tmp_path: Path) -> ServerSettings:
    settings = ServerSettings(
        index=tmp_path / "index",
        owner_token=TOKEN,  # type: ignore[arg-type]
        owner_files=True,
        request_kilobytes=16,
    )
    ingest(folder, settings)
    return settings


@pytest.fixture
def client(settings: ServerSettings) -> Iterator[TestClient]:
    with closing(Assistant(settings)) as assistant:
        app = in_a_loop(lambda: create_app(assistant, settings))
        with TestClient(app, base_url=HERE, follow_redirects=False) as client:
            yield client


def sent(*names: str, words: str = WORDS) -> list[tuple[str, tuple[str, bytes]]]:
    return [("files", (name, words.encode())) for name in names]


def test_files_are_added_and_the_page_says_so(client: TestClient, folder: Path) -> None:
    large = WORDS * 500  # more than another request may send
    added = client.post("/owner/files", headers=BEARER, files=sent("a.txt", "b.md", words=large))
    assert (added.status_code, added.headers["location"]) == (303, "../owner?added=2#documents")
    assert (folder / "a.txt").read_text() == (folder / "b.md").read_text() == large
    page = client.get("/owner?added=2", headers=BEARER).text
    assert "2 files added" in page
    assert 'type="file"' in page and "Take out" in page


def test_what_can_be_is_added_whatever_becomes_of_the_rest(
    client: TestClient, folder: Path
) -> None:
    answer = client.post("/owner/files", headers=BEARER, files=sent("<b>.exe", "a.txt", ".b.txt"))
    assert answer.status_code == 400
    assert "1 file added" in answer.text
    assert "<b>" not in answer.text
    assert "Not added: <b>.exe. Steward reads .csv, " in unescape(answer.text)
    assert "Not added: .b.txt." in unescape(answer.text)
    assert (folder / "a.txt").exists()


def test_a_document_is_taken_out(client: TestClient, folder: Path) -> None:
    source = sorted(path.name for path in folder.glob("*.txt"))[0]
    out = client.post("/owner/remove", headers=BEARER, data={"source": source})
    assert out.status_code == 303
    assert not (folder / source).exists()
    page = client.get("/owner", params={"removed": source}, headers=BEARER).text
    assert f"{source} was taken out" in unescape(page)
    again = client.post("/owner/remove", headers=BEARER, data={"source": source})
    assert again.status_code == 400
    assert "is not in the folder any more" in again.text


def test_only_the_owner_and_only_from_this_page(client: TestClient, folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        assert client.post("/owner/files", headers=headers, files=sent("a.txt")).status_code == 401
        refused = client.post("/owner/remove", headers=headers, data={"source": "a.txt"})
        assert refused.status_code == 401
    other = {**BEARER, "Origin": "https://evil.example"}
    assert client.post("/owner/files", headers=other, files=sent("a.txt")).status_code == 403
    assert sorted(folder.rglob("*")) == before


def test_all_that_is_added_at_once_has_a_limit(
    settings: ServerSettings, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setattr("ui.server.owner_files.LARGEST_UPLOAD", 4096)
    with closing(Assistant(settings)) as assistant:
        app = in_a_loop(lambda: create_app(assistant, settings))
        with TestClient(app, base_url=HERE) as client:
            files = sent("a.txt", words=WORDS * 500)
            assert client.post("/owner/files", headers=BEARER, files=files).status_code == 413
    assert not (folder / "a.txt").exists()


def test_where_the_owner_does_not_allow_it_there_is_no_such_route(
    settings: ServerSettings,
) -> None:
    closed = settings.model_copy(update={"owner_files": False})
    with closing(Assistant(closed)) as assistant:
        app = in_a_loop(lambda: create_app(assistant, closed))
        with TestClient(app, base_url=HERE) as client:
            for path in (owner_files.ADD, owner_files.REMOVE):
                assert client.post(path, headers=BEARER, data={"source": "x"}).status_code == 404
            assert "Add files" not in client.get("/owner", headers=BEARER).text


@pytest.mark.parametrize("number", ["", "x", "99999", "-1", "<b>"])
def test_an_address_that_claims_more_is_not_believed(client: TestClient, number: str) -> None:
    page = client.get("/owner", params={"added": number}, headers=BEARER).text
    assert "added, and being read" not in page
