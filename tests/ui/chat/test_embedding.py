from collections.abc import Iterator

import gradio as gr
import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys
from starlette.requests import Request

from tests import chromium
from tests.fakes import FailingAssistant, WritingAssistant, in_a_loop
from tests.serving import served
from tests.ui.chat.test_browser import Page
from ui.chat import blocks as chat
from ui.chat import embedding
from ui.chat.markup import html
from ui.server.app import create_app
from ui.server.metrics import Metrics
from ui.server.questions import Questions
from ui.settings import ServerSettings
from ui.wording import chat as words

SERVER = "https://steward.example.org/ask/"
FRIEND = "https://www.example.org"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    settings = ServerSettings()
    with served(lambda: create_app(WritingAssistant(), settings), settings) as address:
        yield address


@pytest.fixture
def page(chrome: webdriver.Chrome, server: str) -> Page:
    chromium.resize(chrome, 1280, 900)
    return Page(chrome, f"{server}/")


@pytest.fixture
def phone(chrome: webdriver.Chrome, server: str) -> Page:
    chromium.resize(chrome, 390, 844)
    return Page(chrome, f"{server}/")


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ({"referer": "https://x.example/ask/?__theme=dark"}, "https://x.example/ask/"),
        ({"referer": "https://x.example/"}, "https://x.example/"),
        ({"host": "localhost:7860"}, "http://localhost:7860/"),
    ],
)
def test_the_address_is_the_one_in_the_browser(headers: dict[str, str], address: str) -> None:
    scope = {
        "type": "http",
        "scheme": "http",
        "path": "/gradio_api/queue/join",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    assert embedding.address(gr.Request(Request(scope))) == address


def test_the_page_is_part_of_the_chat() -> None:
    questions = Questions(FailingAssistant(KeyError()), ServerSettings(), Metrics())
    blocks = in_a_loop(lambda: chat.build(questions, ServerSettings(), (), ()))
    names = {getattr(block, "elem_id", None) for block in blocks.blocks.values()}
    assert {"embedding", "snippets", "preview"} <= names
    assert 'aria-controls="embedding"' in html("masthead", guarded=False)


@pytest.mark.parametrize(
    ("server", "warned"),
    [
        ("http://localhost:7860/", True),
        ("http://127.0.0.1:7860/", True),
        ("http://[::1]:7860/", True),
        ("http://192.0.2.7:7860/", False),
        (SERVER, False),
    ],
)
def test_an_address_that_nobody_else_reaches_is_warned_of(server: str, warned: bool) -> None:
    assert bool(embedding.warning(server)) == warned


@pytest.mark.parametrize(
    ("site", "said"),
    [
        ("www.example.org", words.may_ask(FRIEND)),
        (" HTTPS://www.Example.org:443/news?x#y ", words.may_ask(FRIEND)),
        ("steward.example.org", words.may_ask("https://steward.example.org")),
        ("example.org", words.may_not_ask("https://example.org")),
        ("http://www.example.org", words.may_not_ask("http://www.example.org")),
        ("www.example.org:8443", words.may_not_ask("https://www.example.org:8443")),
        ("localhost:8080", words.may_not_ask("http://localhost:8080")),
        ("ftp://www.example.org", words.NO_SITE),
        ("<b>", words.NO_SITE),
        ("http://[", words.NO_SITE),
        ("  ", ""),
    ],
)
def test_a_site_is_told_whether_it_may(site: str, said: str) -> None:
    assert embedding.verdict(site, [FRIEND], SERVER) == said


def test_what_is_said_of_a_site_is_text() -> None:
    assert "<b>" not in html("note", line=words.may_ask("`<b>`"), kind="verdict")


def text(page: Page, selector: str) -> str:
    return " ".join(page.one(f"#snippets {selector}").text.split())


@chromium.needed
def test_the_chat_shows_what_to_embed_and_how_it_will_look(page: Page, server: str) -> None:
    frame = "document.querySelector('#preview iframe')"
    line = "document.querySelector('#snippets .code textarea').value"
    assert not page.one("#embedding").is_displayed()
    page.one("#embed").click()
    page.until("the page", lambda: page.one("#embedding").is_displayed())
    assert page.one("#embed").get_attribute("aria-expanded") == "true"
    assert not page.one("#desk").is_displayed()
    page.until("the line", lambda: f'src="{server}/widget.js"' in str(page.script(line)))
    title = '<b title="x">Ask</b> {{7*7}}'
    page.one("#snippets input, #snippets textarea").send_keys(Keys.CONTROL, "a")
    page.press(title)
    escaped = 'data-title="&lt;b title=&quot;x&quot;&gt;Ask&lt;/b&gt; {{7*7}}"'
    page.until("the title", lambda: escaped in str(page.script(line)))
    inside = f"{frame}.contentDocument.querySelector('steward-chat')?.shadowRoot"
    name = f"{inside}?.querySelector('.name')?.textContent"
    page.until("the preview", lambda: page.script(name) == title)
    page.one("#close-embedding").click()
    page.until("the talk", lambda: page.one("#desk").is_displayed())
    page.until("the focus", lambda: page.focused("#embed"))


@chromium.needed
def test_what_is_chosen_changes_what_is_copied_and_a_site_is_told_whether_it_may(
    page: Page,
) -> None:
    line = "document.querySelector('#snippets .code textarea').value"
    page.one("#embed").click()
    page.until("the page", lambda: page.one("#embedding").is_displayed())
    page.until("the warning", lambda: page.all("#snippets .warning"))
    assert "127.0.0.1 is this machine alone" in text(page, ".warning")
    for chosen in ("inline", "es", "dark"):
        page.one(f"#snippets input[value='{chosen}']").click()
    page.one("#greeting :is(input, textarea)").send_keys("Hi there.")
    page.one("#questions textarea").send_keys("Who?", Keys.ENTER, "When?")
    for expected in (
        "<steward-chat inline></steward-chat>",
        'data-lang="es"',
        'data-theme="dark"',
        'data-greeting="Hi there."',
        'data-questions="Who? | When?"',
    ):
        page.until(expected, lambda expected=expected: expected in str(page.script(line)))
    page.one("#site :is(input, textarea)").send_keys("example.org")
    page.until("the verdict", lambda: page.all("#snippets .verdict"))
    page.until("it", lambda: "Add https://example.org to" in text(page, ".verdict"))
    page.press(Keys.ESCAPE)
    page.until("the talk", lambda: page.one("#desk").is_displayed())


@chromium.needed
def test_on_a_phone_the_buttons_that_copy_lie_on_no_words(phone: Page) -> None:
    phone.one("#embed").click()
    phone.until("the page", lambda: phone.one("#embedding").is_displayed())
    words = """[...document.querySelectorAll('#snippets .code')].map(field => {
        const range = document.createRange();
        range.selectNodeContents(field.querySelector('label > span'));
        const button = field.querySelector('button').getBoundingClientRect();
        return [...range.getClientRects()].some(line => line.right > button.left
          && line.bottom > button.top && line.top < button.bottom);
      })"""
    assert phone.script(words) == [False, False]
    page = "document.documentElement"
    assert phone.script(f"{page}.scrollWidth === {page}.clientWidth"), "nothing is cut off"


@chromium.needed
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_axe_finds_no_violation_on_the_page_on_embedding(page: Page, width: int) -> None:
    chromium.resize(page.chrome, width, 800)
    for _ in range(2):
        page.chrome.execute_script("document.getElementById('embed').click()")
        page.until("the page", lambda: page.one("#embedding").is_displayed())
        page.until("the preview", lambda: page.all("#preview iframe"))
        assert chromium.violations(page.chrome) == []
        page.one("#close-embedding").click()
        page.until("the talk", lambda: page.one("#desk").is_displayed())
        page.one("#theme").click()
