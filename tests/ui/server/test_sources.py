import html

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from rag.assistant import Assistant
from rag.errors import IndexMissing
from tests.fakes import FailingAssistant
from tests.let_in import LetIn
from ui.server import sources
from ui.server.pictures import Pictures
from ui.settings import ServerSettings
from ui.wording.errors import explain


def client_of(assistant: Assistant) -> TestClient:
    app = FastAPI()
    app.include_router(sources.create(assistant, Pictures(assistant)))
    return TestClient(LetIn(app))


@pytest.fixture(scope="module")
def client(assistant: Assistant) -> TestClient:
    return client_of(assistant)


def test_a_quote_is_marked_in_its_document(client: TestClient, assistant: Assistant) -> None:
    quote = assistant.ask("what is the neutrality framework?").quotes[0]
    page = client.get(
        f"/documents/{quote.document_id}",
        params={"start": quote.start, "end": quote.end, "sha256": quote.sha256},
    )
    assert page.status_code == 200
    assert '<mark id="quote"' in page.text


def test_every_document_is_listed_and_has_its_page(
    client: TestClient, assistant: Assistant
) -> None:
    listing = html.unescape(client.get("/documents").text)
    for metadata in assistant.documents():
        assert f'href="documents/{metadata.id}"' in listing
        assert client.get(f"/documents/{metadata.id}").status_code == 200


def test_a_quote_of_another_version_is_not_marked(client: TestClient, assistant: Assistant) -> None:
    metadata = assistant.documents()[0]
    page = client.get(f"/documents/{metadata.id}?start=0&end=5&sha256=0000")
    assert page.status_code == 200
    assert "has changed since it was quoted" in page.text
    assert "<mark" not in page.text


@pytest.mark.parametrize("name", ["nothing", "%2e%2e%2fetc", "<script>", "a" * 5000])
def test_an_unknown_document_is_a_page_that_says_so(client: TestClient, name: str) -> None:
    page = client.get(f"/documents/{name}")
    assert page.status_code == 404
    assert "<script>" not in page.text


@pytest.mark.parametrize(
    "query",
    [
        "start=5",
        "end=5",
        "start=5&end=5",
        "start=6&end=5",
        "start=-1&end=5",
        "start=0&end=999999999",
        "start=0&end=" + "9" * 5000,
        "start=a&end=b",
        "start=1.5&end=2",
        "start=1_0&end=20",
        "start=&end=",
        "start=%D9%A1&end=%D9%A9",
    ],
)
def test_offsets_that_are_no_place_are_a_page_that_says_so(
    client: TestClient, assistant: Assistant, query: str
) -> None:
    page = client.get(f"/documents/{assistant.documents()[0].id}?{query}")
    assert page.status_code == 400
    assert "must be whole numbers" in page.text


@pytest.mark.parametrize("path", ["/documents", "/documents/0123456789ab"])
def test_an_index_that_cannot_be_read_is_a_page_that_says_so(path: str) -> None:
    error = IndexMissing(ServerSettings().index)
    page = client_of(FailingAssistant(error)).get(path)
    assert page.status_code == explain(error).status == 503
    assert explain(error).text in html.unescape(page.text)


def test_the_pages_of_documents_allow_no_script(client: TestClient) -> None:
    policy = client.get("/documents").headers["content-security-policy"]
    assert policy.startswith("default-src 'none'") and "script-src" not in policy


def test_a_page_is_shown_as_in_the_file_where_that_is_asked(
    client: TestClient, assistant: Assistant
) -> None:
    first = assistant.documents()[0]
    page = client.get(f"/documents/{first.id}", params={"view": "file"})
    assert page.status_code == 200
    assert '<article class="reads"' not in page.text
