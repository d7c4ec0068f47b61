"""Pictures of pages, as the server gives them."""

import html
import re
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient

from rag.assistant import Assistant
from rag.documents.formats.extracted import Picture
from rag.errors import PageNotShown
from rag.index.building import ingest
from tests.fakes import FailingAssistant, in_a_loop
from tests.pdfs import pdf
from tests.ui.server.test_mcp import call, content
from ui.server.app import create_app
from ui.server.errors import Busy
from ui.server.pictures import Pictures
from ui.settings import ServerSettings

QUESTION = "how high are the dues?"
QUOTE = "The dues of all members are ten euro each month."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("papers")
    (folder / "dues.pdf").write_bytes(
        pdf(
            [(50, 700, 10, "The rules of the union begin with its name and its seat.")],
            [(50, 700, 10, QUOTE), (50, 600, 10, "They rise each spring by half a euro.")],
        )
    )
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4\n")
    (folder / "2024").mkdir()
    (folder / "2024" / "seat.txt").write_text("The seat\n\nThe seat of the union is in Oslo.\n")
    (folder / "tea.txt").write_text("Tea in short\n\nGreen tea is not fermented.\n")
    return folder


@pytest.fixture(scope="module")
def paged(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    settings = ServerSettings(index=tmp_path_factory.mktemp("paged") / "index")
    ingest(folder, settings)
    assistant = Assistant(settings)
    yield assistant
    assistant.close()


@pytest.fixture
def client(paged: Assistant) -> Iterator[TestClient]:
    settings = ServerSettings(
        requests_per_minute=1000, allowed_origins=("https://union.example.org",)
    )
    app = in_a_loop(lambda: create_app(paged, settings))
    with TestClient(app, base_url="http://127.0.0.1:7860") as client:
        yield client


def quote(client: TestClient) -> dict[str, Any]:
    answer = client.post("/api/ask", json={"question": QUESTION}).json()
    found: dict[str, Any] = answer["quotes"][0]
    assert (found["text"], found["place"]) == (QUOTE, "page 2")
    return found


def test_a_quote_of_a_pdf_names_the_picture_of_its_page(client: TestClient) -> None:
    picture = client.get(quote(client)["page_image"])
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert Image.open(BytesIO(picture.content)).size == (1241, 1654)


def test_a_quote_of_a_text_has_no_picture(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": "is green tea fermented?"}).json()
    assert [each["page_image"] for each in answer["quotes"]] == [None]


def test_the_source_of_a_quote_is_its_page_and_as_text_on_demand(client: TestClient) -> None:
    found = quote(client)
    page = client.get(found["url"])
    images = re.findall(r'src="\.\./([^"]+)"', html.unescape(page.text))
    assert images == [found["page_image"]]
    assert "img-src 'self'" in page.headers["content-security-policy"]
    assert f"Page 2, marked on it: {QUOTE}" in html.unescape(page.text)
    as_text = client.get(found["url"].replace("#quote", "&view=text"))
    assert f'<mark id="quote">{QUOTE}</mark>' in html.unescape(as_text.text)
    assert "Show the page itself" in as_text.text


def test_the_pages_around_it_are_turned_to_and_bear_no_mark(client: TestClient) -> None:
    found = quote(client)
    page = client.get(found["url"])
    (turn,) = re.findall(r'<a href="([^"]+)">Page 1</a>', page.text)
    before = client.get(f"documents/{found['document_id']}{html.unescape(turn)}")
    assert 'alt="Page 1"' in before.text and ">Page 2</a>" in before.text


def test_where_the_file_is_gone_the_text_is_shown_and_says_so(
    client: TestClient, folder: Path
) -> None:
    found = quote(client)
    moved = (folder / "dues.pdf").rename(folder / "elsewhere")
    try:
        page = client.get(found["url"])
        picture = client.get(found["page_image"])
    finally:
        moved.rename(folder / "dues.pdf")
    assert (page.status_code, picture.status_code) == (200, 404)
    assert "no longer where it was ingested from" in page.text
    assert f'<mark id="quote">{QUOTE}</mark>' in html.unescape(page.text)
    assert picture.json()["error"] == "page_not_shown"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("pages/3", 404),
        ("pages/0", 422),
        ("pages/99999999999999999999", 404),
        ("pages/2?sha256=0", 409),
        ("pages/2?start=5", 400),
        ("pages/2?start=5&end=99999", 400),
    ],
)
def test_what_there_is_not_is_a_problem(client: TestClient, path: str, status: int) -> None:
    response = client.get(f"/api/documents/{quote(client)['document_id']}/{path}")
    assert response.status_code == status


def test_pictures_are_for_the_origins_that_answers_are_for(client: TestClient) -> None:
    path = quote(client)["page_image"]
    stranger = {"Origin": "https://elsewhere.example.org", "Sec-Fetch-Site": "cross-site"}
    friend = {"Origin": "https://union.example.org", "Sec-Fetch-Site": "cross-site"}
    assert client.get(path, headers=stranger).status_code == 403
    allowed = client.get(path, headers=friend)
    assert allowed.headers["access-control-allow-origin"] == "https://union.example.org"


def test_what_was_not_read_is_listed_with_its_reason(client: TestClient) -> None:
    listed = client.get("/api/documents").json()["left_out"]
    assert [each["what"] for each in listed] == ["broken.pdf"]
    assert listed[0]["why"].startswith("is broken")
    page = html.unescape(client.get("/documents").text)
    assert "Not read" in page and "broken.pdf" in page and listed[0]["why"] in page


def test_a_search_is_put_to_the_documents_of_a_tag(client: TestClient) -> None:
    hits = client.get("/api/search", params={"q": "the union", "tag": "2024"}).json()["hits"]
    assert {hit["title"] for hit in hits} == {"Seat"}
    unknown = client.get("/api/search", params={"q": "the union", "tag": "2025"})
    assert (unknown.status_code, unknown.json()["error"]) == (404, "unknown_tag")
    dated = client.get("/api/search", params={"q": "the union", "since": "2000"}).json()
    assert dated["hits"] == []


def test_the_tools_of_mcp_take_tags_and_dates_and_name_what_was_not_read(paged: Assistant) -> None:
    for tool, argument in (("ask", "question"), ("search", "query")):
        found = content(call(paged, tool, **{argument: "the seat"}, tags=["2024"]))
        places = [*found.get("hits", []), *found.get("quotes", []), *found.get("nearest", [])]
        assert {each["title"] for each in places} == {"Seat"}
        old = content(call(paged, tool, **{argument: "the seat"}, since="2000"))
        assert not [*old.get("hits", []), *old.get("quotes", []), *old.get("nearest", [])]
    assert content(call(paged, "list_documents"))["left_out"][0]["what"] == "broken.pdf"


class Drawing(FailingAssistant):
    """Draws pages that are empty, once it may."""

    def __init__(self) -> None:
        super().__init__(PageNotShown(0, "broken"))
        self.drawn: list[int] = []
        self.may = threading.Event()

    def page(self, document_id: str, number: int, span: Any = None) -> Picture:
        self.drawn.append(number)
        if not number:
            raise self.error
        assert self.may.wait(20)
        return Picture(b"x" * 2**22, 1, 1, 1.0)


def test_what_was_drawn_is_kept_and_the_oldest_goes_first() -> None:
    assistant = Drawing()
    assistant.may.set()
    pictures = Pictures(assistant)
    for number in (1, 2, 3, 4, 1, 5, 1):
        pictures.of("a", "b", number)
    assert assistant.drawn == [1, 2, 3, 4, 5, 1]


def test_one_is_drawn_at_a_time_and_who_is_one_too_many_is_told() -> None:
    assistant = Drawing()
    pictures = Pictures(assistant)
    waiting = [threading.Thread(target=pictures.of, args=("a", "b", 1 + n)) for n in range(5)]
    for thread in waiting:
        thread.start()
    while pictures._places._value:
        pass
    with pytest.raises(Busy):
        pictures.of("a", "b", 9)
    assert len(assistant.drawn) == 1
    assistant.may.set()
    for thread in waiting:
        thread.join()
    assert sorted(assistant.drawn) == [1, 2, 3, 4, 5]


def test_after_a_page_that_cannot_be_drawn_others_are() -> None:
    assistant = Drawing()
    assistant.may.set()
    pictures = Pictures(assistant)
    for _ in range(9):
        with pytest.raises(PageNotShown):
            pictures.of("a", "b", 0)
    assert pictures.of("a", "b", 1).width == 1
